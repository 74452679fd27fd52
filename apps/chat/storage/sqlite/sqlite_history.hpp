#pragma once

#include <optional>
#include <string>

#include <apps/chat/storage/sqlite/room_rows.hpp>
#include <apps/chat/talk/chat_history.hpp>
#include <apps/chat/talk/committed_messages.hpp>
#include <ondol/storage/sqlite_reader.hpp>
#include <ondol/storage/sqlite_writer.hpp>

namespace chat::sqlite {

class SqliteHistory final : public ChatHistory {
 public:
  SqliteHistory(ondol::storage::SqliteReader& reader, ondol::storage::SqliteWriter& writer,
                ActivityClock& clock, const CommittedMessages& committed)
      : reader_{reader}, writer_{writer}, clock_{clock}, committed_{committed} {}

  ondol::Task<Appended> append(NewMessage message) override;
  ondol::Task<std::optional<ChatMessage>> find_sent(RoomNo room, MemberId sender,
                                                    std::string client_id) override;
  ondol::Task<HistoryPage> page(RoomNo room, MemberId reader, HistoryRange range) override;
  ondol::Task<HistoryPage> page_in_order(RoomNo room, MemberId reader, HistoryRange range) override;
  ondol::Task<Watermark> raise_watermark(RoomNo room, MemberId reader, Seq seq) override;

 private:
  ondol::storage::SqliteReader& reader_;
  ondol::storage::SqliteWriter& writer_;
  ActivityClock& clock_;
  const CommittedMessages& committed_;
};

}  // namespace chat::sqlite
