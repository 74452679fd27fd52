#include <apps/chat/storage/chat_storage.hpp>
#include <apps/chat/storage/memory/memory_history.hpp>
#include <apps/chat/storage/memory/memory_members.hpp>
#include <apps/chat/storage/memory/memory_refresh_tokens.hpp>
#include <apps/chat/storage/memory/memory_rooms.hpp>

namespace chat {

namespace {

class MemoryStorage final : public ChatStorage {
 public:
  MemberRepository& members() override { return members_; }
  RefreshTokenRepository& refresh_tokens() override { return refresh_tokens_; }
  RoomRepository& rooms() override { return rooms_; }
  ChatHistory& history() override { return history_; }

  void on_committed(CommittedMessages listener) override { state_.committed = std::move(listener); }

  ondol::Task<void> check() override {
    const memory::Access access{state_};
    co_return;
  }
  void stop() override {
    const std::lock_guard lock{state_.mutex};
    state_.stopped = true;
  }

 private:
  memory::State state_;
  memory::MemoryMembers members_{state_};
  memory::MemoryRefreshTokens refresh_tokens_{state_};
  memory::MemoryRooms rooms_{state_};
  memory::MemoryHistory history_{state_};
};

}  // namespace

std::unique_ptr<ChatStorage> open_memory_storage() {
  return std::make_unique<MemoryStorage>();
}

}  // namespace chat
