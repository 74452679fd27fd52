#pragma once

#include <optional>
#include <string>
#include <vector>

#include <apps/chat/member/member_repository.hpp>
#include <ondol/storage/sqlite_reader.hpp>
#include <ondol/storage/sqlite_writer.hpp>

namespace chat::sqlite {

class SqliteMembers final : public MemberRepository {
 public:
  SqliteMembers(ondol::storage::SqliteReader& reader, ondol::storage::SqliteWriter& writer)
      : reader_{reader}, writer_{writer} {}

  ondol::Task<Member> insert(NewMember member) override;
  ondol::Task<std::optional<MemberCredentials>> find_by_login(std::string login_id) override;
  ondol::Task<std::optional<Member>> find(MemberId id) override;
  ondol::Task<std::vector<Member>> find_many(std::vector<MemberId> ids) override;
  ondol::Task<Member> rename(MemberId id, std::string name) override;
  ondol::Task<std::vector<Member>> search(std::string prefix, std::size_t limit) override;

 private:
  ondol::storage::SqliteReader& reader_;
  ondol::storage::SqliteWriter& writer_;
};

}  // namespace chat::sqlite
