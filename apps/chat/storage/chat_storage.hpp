#pragma once

#include <filesystem>
#include <memory>

#include <apps/chat/member/member_repository.hpp>
#include <apps/chat/member/refresh_token_repository.hpp>
#include <apps/chat/room/room_repository.hpp>
#include <apps/chat/talk/chat_history.hpp>
#include <apps/chat/talk/committed_messages.hpp>
#include <ondol/runtime/workers.hpp>

namespace chat {

// All ports over one store. Their tasks may run on any loop. The composition root calls stop()
// after the last request and before the loops end.
class ChatStorage {
 public:
  virtual ~ChatStorage() = default;

  virtual MemberRepository& members() = 0;
  virtual RefreshTokenRepository& refresh_tokens() = 0;
  virtual RoomRepository& rooms() = 0;
  virtual ChatHistory& history() = 0;

  virtual void on_committed(CommittedMessages listener) = 0;

  // Ends well when writers and readers get their turn; Error 5030 otherwise. For health.
  virtual ondol::Task<void> check() = 0;

  // Finishes what is queued; what comes later fails with Error 5030. Not from a loop; safe to call
  // twice.
  virtual void stop() = 0;
};

// Forgets everything with the process: for tests and demonstrations.
std::unique_ptr<ChatStorage> open_memory_storage();

// The file chat.db in the data directory, which this process then has for itself (CH-53). Throws
// ondol::storage::OpenRefused, a std::runtime_error with a text for the operator. The workers
// outlive the storage.
std::unique_ptr<ChatStorage> open_sqlite_storage(const std::filesystem::path& data_directory,
                                                 ondol::Workers& workers);

}  // namespace chat
