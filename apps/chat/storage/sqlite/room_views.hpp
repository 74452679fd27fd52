#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include <apps/chat/room/room_repository.hpp>
#include <ondol/storage/sqlite.hpp>

namespace chat::sqlite {

// What RoomRepository shows of rooms: each with a constant number of queries, whatever the number
// of rooms and members. The contracts are those of the methods of the port.
RoomDetail view_room(ondol::storage::Database& database, RoomNo room, MemberId viewer);
RoomPage view_page(ondol::storage::Database& database, MemberId member,
                   const std::optional<std::string>& cursor, std::size_t limit);
std::vector<ViewedRoom> view_summaries(ondol::storage::Database& database, RoomNo room,
                                       const std::vector<MemberId>& viewers);

}  // namespace chat::sqlite
