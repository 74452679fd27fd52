#include <apps/chat/storage/sqlite/sqlite_members.hpp>

#include <algorithm>
#include <iterator>
#include <utility>

#include <apps/chat/storage/failures.hpp>
#include <apps/chat/storage/sqlite/json_array.hpp>
#include <ondol/base/dates.hpp>
#include <ondol/base/text.hpp>

namespace chat::sqlite {

using ondol::Task;
using ondol::storage::Database;
using ondol::storage::Statement;

namespace {

Member read_member(const Statement& row) {
  return {{row.integer(0)}, row.text(1), row.text(2)};
}

std::vector<Member> read_members(Statement& rows) {
  std::vector<Member> members;
  while (rows.step()) members.push_back(read_member(rows));
  return members;
}

std::optional<Member> find_in(Database& database, MemberId id) {
  Statement row =
      database.prepare("SELECT member_id, login_id, name FROM member WHERE member_id = ?1");
  if (!row.bind(id.value).step()) return std::nullopt;
  return read_member(row);
}

Member insert_into(Database& database, const NewMember& member) {
  Statement taken = database.prepare("SELECT 1 FROM member WHERE login_id = ?1");
  if (taken.bind(member.login_id).step()) fail_login_id_taken();
  database
      .prepare(
          "INSERT INTO member (login_id, name, name_key, password_hash, created_at)"
          " VALUES (?1, ?2, ?3, ?4, ?5)")
      .bind(member.login_id, member.name, ondol::to_lower(member.name), member.password_hash,
            ondol::now_instant().time_since_epoch().count())
      .run();
  return {{database.last_insert_id()}, member.login_id, member.name};
}

// Both are ranges of an index; U+10FFFF stands behind whatever may follow the prefix.
constexpr std::string_view kSearchByLogin =
    "SELECT member_id, login_id, name FROM member"
    " WHERE login_id >= ?1 AND login_id < ?1 || char(1114111) ORDER BY login_id LIMIT ?2";
constexpr std::string_view kSearchByName =
    "SELECT member_id, login_id, name FROM member"
    " WHERE name_key >= ?1 AND name_key < ?1 || char(1114111)"
    " AND NOT (login_id >= ?1 AND login_id < ?1 || char(1114111))"
    " ORDER BY name_key, member_id LIMIT ?2";

}  // namespace

Task<Member> SqliteMembers::insert(NewMember member) {
  return writer_.write(
      [member = std::move(member)](Database& database) { return insert_into(database, member); });
}

Task<std::optional<MemberCredentials>> SqliteMembers::find_by_login(std::string login_id) {
  return reader_.read(
      [login_id = std::move(login_id)](Database& database) -> std::optional<MemberCredentials> {
        Statement row = database.prepare(
            "SELECT member_id, login_id, name, password_hash FROM member WHERE login_id = ?1");
        if (!row.bind(login_id).step()) return std::nullopt;
        return MemberCredentials{read_member(row), row.text(3)};
      });
}

Task<std::optional<Member>> SqliteMembers::find(MemberId id) {
  return reader_.read([id](Database& database) { return find_in(database, id); });
}

Task<std::vector<Member>> SqliteMembers::find_many(std::vector<MemberId> ids) {
  return reader_.read([ids = json_array(ids)](Database& database) {
    Statement rows = database.prepare(
        "SELECT member_id, login_id, name FROM member"
        " WHERE member_id IN (SELECT value FROM json_each(?1)) ORDER BY member_id");
    return read_members(rows.bind(ids));
  });
}

Task<Member> SqliteMembers::rename(MemberId id, std::string name) {
  return writer_.write([id, name = std::move(name)](Database& database) {
    database.prepare("UPDATE member SET name = ?2, name_key = ?3 WHERE member_id = ?1")
        .bind(id.value, name, ondol::to_lower(name))
        .run();
    auto member = find_in(database, id);
    if (!member) fail_no_such_member();
    return *std::move(member);
  });
}

Task<std::vector<Member>> SqliteMembers::search(std::string prefix, std::size_t limit) {
  return reader_.read(
      [prefix = ondol::to_lower(prefix), limit = std::min(limit, kMaxFound)](Database& database) {
        Statement by_login = database.prepare(kSearchByLogin);
        std::vector<Member> members = read_members(by_login.bind(prefix, limit));
        Statement by_name = database.prepare(kSearchByName);
        std::ranges::move(read_members(by_name.bind(prefix, limit - members.size())),
                          std::back_inserter(members));
        return members;
      });
}

}  // namespace chat::sqlite
