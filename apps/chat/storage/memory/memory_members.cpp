#include <apps/chat/storage/memory/memory_members.hpp>

#include <algorithm>
#include <set>
#include <tuple>

#include <apps/chat/storage/failures.hpp>
#include <ondol/base/text.hpp>

namespace chat::memory {

using ondol::Task;

Task<Member> MemoryMembers::insert(NewMember member) {
  const Access access{state_};
  const MemberId id{static_cast<std::int64_t>(state_.members.size()) + 1};
  if (!state_.by_login.emplace(ondol::to_lower(member.login_id), id).second) fail_login_id_taken();
  const Member stored{id, member.login_id, member.name};
  state_.members.emplace(id, StoredMember{stored, member.password_hash});
  co_return stored;
}

Task<std::optional<MemberCredentials>> MemoryMembers::find_by_login(std::string login_id) {
  const Access access{state_};
  const auto found = state_.by_login.find(ondol::to_lower(login_id));
  if (found == state_.by_login.end()) co_return std::nullopt;
  const StoredMember& stored = state_.members.at(found->second);
  co_return MemberCredentials{stored.member, stored.password_hash};
}

Task<std::optional<Member>> MemoryMembers::find(MemberId id) {
  const Access access{state_};
  const auto found = state_.members.find(id);
  if (found == state_.members.end()) co_return std::nullopt;
  co_return found->second.member;
}

Task<std::vector<Member>> MemoryMembers::find_many(std::vector<MemberId> ids) {
  const Access access{state_};
  std::vector<Member> found;
  for (const MemberId id : std::set<MemberId>(ids.begin(), ids.end())) {
    const auto stored = state_.members.find(id);
    if (stored != state_.members.end()) found.push_back(stored->second.member);
  }
  co_return found;
}

Task<Member> MemoryMembers::rename(MemberId id, std::string name) {
  const Access access{state_};
  state_.require_known(id);
  Member& member = state_.members.at(id).member;
  member.name = std::move(name);
  co_return member;
}

Task<std::vector<Member>> MemoryMembers::search(std::string prefix, std::size_t limit) {
  const Access access{state_};
  const std::string start = ondol::to_lower(prefix);
  std::vector<Member> found;
  for (auto each = state_.by_login.lower_bound(start);
       each != state_.by_login.end() && each->first.starts_with(start); ++each) {
    found.push_back(state_.members.at(each->second).member);
  }
  std::set<std::tuple<std::string, MemberId>> by_name;
  for (const auto& [id, stored] : state_.members) {
    std::string name = ondol::to_lower(stored.member.name);
    const bool by_login = ondol::to_lower(stored.member.login_id).starts_with(start);
    if (!by_login && name.starts_with(start)) by_name.emplace(std::move(name), id);
  }
  for (const auto& [name, id] : by_name) found.push_back(state_.members.at(id).member);
  found.resize(std::min({limit, kMaxFound, found.size()}));
  co_return found;
}

}  // namespace chat::memory
