#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <vector>

#include <apps/chat/room/room_repository.hpp>
#include <apps/chat/storage/sqlite/room_rows.hpp>
#include <apps/chat/talk/committed_messages.hpp>
#include <ondol/storage/sqlite_reader.hpp>
#include <ondol/storage/sqlite_writer.hpp>

namespace chat::sqlite {

class SqliteRooms final : public RoomRepository {
 public:
  SqliteRooms(ondol::storage::SqliteReader& reader, ondol::storage::SqliteWriter& writer,
              ActivityClock& clock, const CommittedMessages& committed)
      : reader_{reader}, writer_{writer}, clock_{clock}, committed_{committed} {}

  ondol::Task<RoomDetail> create_group(NewGroup group) override;
  ondol::Task<OpenedRoom> open_direct(MemberId caller, MemberId other) override;
  ondol::Task<RoomDetail> find(RoomNo room, MemberId viewer) override;
  ondol::Task<RoomPage> page(MemberId member, std::optional<std::string> cursor,
                             std::size_t limit) override;
  ondol::Task<std::vector<ViewedRoom>> summaries(RoomNo room,
                                                 std::vector<MemberId> viewers) override;
  ondol::Task<std::vector<MemberId>> members(RoomNo room) override;
  ondol::Task<bool> is_member(RoomNo room, MemberId member) override;
  ondol::Task<RoomChange> invite(RoomNo room, MemberId acting,
                                 std::vector<MemberId> members) override;
  ondol::Task<RoomChange> leave(RoomNo room, MemberId member) override;
  ondol::Task<RoomChange> remove(RoomNo room, MemberId acting, MemberId target) override;
  ondol::Task<RoomChange> update(RoomNo room, MemberId acting, RoomPatch patch) override;

 private:
  auto tell() const {
    return [this](const RoomChange& change) {
      if (change.announcement) committed_(*change.announcement);
    };
  }

  ondol::storage::SqliteReader& reader_;
  ondol::storage::SqliteWriter& writer_;
  ActivityClock& clock_;
  const CommittedMessages& committed_;
};

}  // namespace chat::sqlite
