#include <apps/chat/storage/sqlite/room_views.hpp>

#include <algorithm>
#include <limits>
#include <span>
#include <unordered_map>
#include <utility>

#include <apps/chat/storage/failures.hpp>
#include <apps/chat/storage/room_title.hpp>
#include <apps/chat/storage/sqlite/json_array.hpp>
#include <apps/chat/storage/sqlite/message_rows.hpp>
#include <apps/chat/storage/sqlite/room_rows.hpp>
#include <ondol/base/text.hpp>

namespace chat::sqlite {

using ondol::storage::Database;
using ondol::storage::Statement;

namespace {

// A room and one who looks at it, before the queries that fill in the rest.
struct View {
  MemberId viewer;
  RoomSummary room;
  std::optional<std::string> title;
  Seq last_seq = 0;
  std::int64_t activity = 0;
};

// The columns that every query for views selects, in this order: viewer, room_no, type, title,
// member_count, last_seq, unread count, last_read_seq, muted, activity. The unread count needs no
// look at the messages: one's own never lie above one's watermark.
std::vector<View> read_views(Statement& rows) {
  std::vector<View> views;
  while (rows.step()) {
    View view;
    view.viewer = {rows.integer(0)};
    view.room.room_no = {rows.integer(1)};
    view.room.type = rows.text(2);
    view.title = rows.optional_text(3);
    view.room.member_count = rows.integer(4);
    view.last_seq = rows.integer(5);
    view.room.unread_count = rows.integer(6);
    view.room.last_read_seq = rows.integer(7);
    view.room.muted = rows.integer(8) != 0;
    view.activity = rows.integer(9);
    views.push_back(std::move(view));
  }
  return views;
}

std::unordered_map<RoomNo, ChatMessage> last_messages(Database& database,
                                                      std::span<const View> views) {
  JsonArray keys;
  for (const View& view : views) {
    if (view.last_seq > 0) keys.add(message_key(view.room.room_no, view.last_seq));
  }
  if (keys.empty()) return {};
  std::vector<ChatMessage> messages = messages_of_keys(database, keys.text());
  add_subjects(database, messages);
  std::unordered_map<RoomNo, ChatMessage> by_room;
  for (ChatMessage& message : messages) by_room.emplace(message.room_no, std::move(message));

  // The sender never counts: his own watermark is at this message.
  Statement counts = database.prepare(
      "SELECT k.value >> 32, (SELECT count(*) FROM room_member x"
      "  WHERE x.room_no = k.value >> 32 AND x.last_read_seq < k.value & 4294967295)"
      " FROM json_each(?1) k");
  counts.bind(keys.text());
  while (counts.step()) {
    ChatMessage& message = by_room.at({counts.integer(0)});
    if (message.type == kTextMessage) message.unread_count = counts.integer(1);
  }
  return by_room;
}

std::unordered_map<RoomNo, std::vector<MemberName>> first_members(Database& database,
                                                                  std::span<const View> views) {
  JsonArray rooms;
  for (const View& view : views) rooms.add(view.room.room_no.value);
  Statement rows = database.prepare(
      "SELECT x.room_no, x.member_id, n.name FROM json_each(?1) r"
      " JOIN room_member x ON x.room_no = r.value AND x.join_order <= ("
      "  SELECT max(join_order) FROM (SELECT y.join_order FROM room_member y"
      "   WHERE y.room_no = r.value ORDER BY y.join_order LIMIT ?2))"
      " JOIN member n ON n.member_id = x.member_id"
      " ORDER BY x.room_no, x.join_order");
  rows.bind(rooms.text(), kTitleMembers);
  std::unordered_map<RoomNo, std::vector<MemberName>> by_room;
  while (rows.step()) {
    by_room[{rows.integer(0)}].push_back({{rows.integer(1)}, rows.text(2)});
  }
  return by_room;
}

// `rooms` holds each room once; `views` may hold a room for several viewers.
void fill(Database& database, std::span<const View> rooms, std::span<View> views) {
  if (rooms.empty()) return;
  const auto messages = last_messages(database, rooms);
  const auto members = first_members(database, rooms);
  for (View& view : views) {
    const auto message = messages.find(view.room.room_no);
    if (message != messages.end()) view.room.last_message = message->second;
    const auto first = members.find(view.room.room_no);
    if (first == members.end()) continue;
    view.room.title = shown_title(view.title, first->second, view.viewer);
    const auto shown = std::min(first->second.size(), kMaxShownMembers);
    view.room.members.assign(first->second.begin(),
                             first->second.begin() + static_cast<std::ptrdiff_t>(shown));
  }
}

std::int64_t parse_cursor(const std::optional<std::string>& cursor) {
  if (!cursor) return std::numeric_limits<std::int64_t>::max();
  const auto activity = ondol::parse_number<std::int64_t>(*cursor);
  if (!activity || *activity < 1) fail_bad_cursor();
  return *activity;
}

std::vector<RoomMember> all_members(Database& database, RoomNo room) {
  Statement rows = database.prepare(
      "SELECT x.member_id, n.name, x.last_read_seq"
      " FROM room_member x JOIN member n ON n.member_id = x.member_id"
      " WHERE x.room_no = ?1 ORDER BY x.join_order");
  rows.bind(room.value);
  std::vector<RoomMember> members;
  while (rows.step()) {
    members.push_back({{rows.integer(0)}, rows.text(1), rows.integer(2)});
  }
  return members;
}

}  // namespace

RoomDetail view_room(Database& database, RoomNo room, MemberId viewer) {
  const RoomRow row = load_room(database, room);
  Statement query = database.prepare(
      "SELECT x.member_id, r.room_no, r.type, r.title, r.member_count, r.last_seq,"
      " r.text_count - x.read_text_count, x.last_read_seq, x.muted, r.activity"
      " FROM room_member x JOIN room r ON r.room_no = x.room_no"
      " WHERE x.room_no = ?1 AND x.member_id = ?2");
  std::vector<View> views = read_views(query.bind(room.value, viewer.value));
  if (views.empty()) fail_not_a_member();
  fill(database, views, views);

  RoomSummary& summary = views.front().room;
  RoomDetail detail;
  detail.room_no = room;
  detail.type = std::move(summary.type);
  detail.title = std::move(summary.title);
  detail.member_count = summary.member_count;
  detail.members = all_members(database, room);
  if (!row.direct) detail.owner_id = row.owner_id;
  detail.last_message = std::move(summary.last_message);
  detail.last_read_seq = summary.last_read_seq;
  detail.unread_count = summary.unread_count;
  detail.muted = summary.muted;
  return detail;
}

RoomPage view_page(Database& database, MemberId member, const std::optional<std::string>& cursor,
                   std::size_t limit) {
  limit = std::clamp<std::size_t>(limit, 1, RoomRepository::kMaxPage);
  Statement query = database.prepare(
      "SELECT x.member_id, r.room_no, r.type, r.title, r.member_count, r.last_seq,"
      " r.text_count - x.read_text_count, x.last_read_seq, x.muted, r.activity"
      " FROM room_member x JOIN room r ON r.room_no = x.room_no"
      " WHERE x.member_id = ?1 AND r.activity < ?2 AND r.closed = 0"
      " AND (x.hidden_at_seq IS NULL OR x.hidden_at_seq < r.last_seq)"
      " ORDER BY r.activity DESC LIMIT ?3");
  // One more than asked for tells whether there is a next page.
  std::vector<View> views = read_views(query.bind(member.value, parse_cursor(cursor), limit + 1));
  RoomPage page;
  if (views.size() > limit) {
    views.pop_back();
    page.next_cursor = std::to_string(views.back().activity);
  }
  fill(database, views, views);
  for (View& view : views) page.rooms.push_back(std::move(view.room));
  return page;
}

std::vector<ViewedRoom> view_summaries(Database& database, RoomNo room,
                                       const std::vector<MemberId>& viewers) {
  Statement query = database.prepare(
      "SELECT x.member_id, r.room_no, r.type, r.title, r.member_count, r.last_seq,"
      " r.text_count - x.read_text_count, x.last_read_seq, x.muted, r.activity"
      " FROM room_member x JOIN room r ON r.room_no = x.room_no"
      " WHERE x.room_no = ?1 AND x.member_id IN (SELECT value FROM json_each(?2)) AND r.closed = 0"
      " AND (x.hidden_at_seq IS NULL OR x.hidden_at_seq < r.last_seq) ORDER BY x.member_id");
  std::vector<View> views = read_views(query.bind(room.value, json_array(viewers)));
  fill(database, std::span{views}.first(std::min<std::size_t>(views.size(), 1)), views);
  std::vector<ViewedRoom> rooms;
  for (View& view : views) rooms.push_back({view.viewer, std::move(view.room)});
  return rooms;
}

}  // namespace chat::sqlite
