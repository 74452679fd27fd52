#pragma once

#include <apps/chat/storage/memory/memory_state.hpp>
#include <apps/chat/talk/chat_history.hpp>

namespace chat::memory {

class MemoryHistory final : public ChatHistory {
 public:
  explicit MemoryHistory(State& state) : state_{state} {}

  ondol::Task<Appended> append(NewMessage message) override;
  ondol::Task<std::optional<ChatMessage>> find_sent(RoomNo room, MemberId sender,
                                                    std::string client_id) override;
  ondol::Task<HistoryPage> page(RoomNo room, MemberId reader, HistoryRange range) override;
  ondol::Task<HistoryPage> page_in_order(RoomNo room, MemberId reader, HistoryRange range) override;
  ondol::Task<Watermark> raise_watermark(RoomNo room, MemberId reader, Seq seq) override;

 private:
  HistoryPage read_page(RoomNo room, MemberId reader, const HistoryRange& range);
  std::optional<ChatMessage> sent(RoomNo room, MemberId sender, const std::string& client_id) const;

  State& state_;
};

}  // namespace chat::memory
