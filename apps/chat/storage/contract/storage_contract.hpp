#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include <gmock/gmock.h>

#include <apps/chat/storage/chat_storage.hpp>
#include <ondol/base/error.hpp>
#include <ondol/runtime/runtime.hpp>
#include <ondol/storage/storage_test_support.hpp>

namespace chat {

enum class StorageKind : std::uint8_t { memory, sqlite };

// What every adapter has to do (CH-54). A new one joins by one more value of StorageKind.
class StorageContract : public ::testing::TestWithParam<StorageKind> {
 protected:
  StorageContract() {
    runtime_.start();
    storage_ = GetParam() == StorageKind::memory
                   ? open_memory_storage()
                   : open_sqlite_storage(directory_.path(), runtime_.workers());
  }
  ~StorageContract() override {
    storage_->stop();
    runtime_.stop();
  }

  template <class T>
  T run(ondol::Task<T> task) {
    return ondol::storage::run_task(runtime_.loop(0), std::move(task));
  }

  // The code of the Error with which the task fails; 0 when it does not.
  template <class T>
  int code_of(ondol::Task<T> task) {
    try {
      run(std::move(task));
    } catch (const ondol::Error& error) {
      return error.code().value();
    }
    return 0;
  }

  MemberRepository& members() { return storage_->members(); }
  RefreshTokenRepository& tokens() { return storage_->refresh_tokens(); }
  RoomRepository& rooms() { return storage_->rooms(); }
  ChatHistory& history() { return storage_->history(); }

  MemberId member(const std::string& login_id) {
    return run(members().insert({login_id, "name of " + login_id, "hash"})).member_id;
  }
  RoomNo group(MemberId owner, std::vector<MemberId> others = {},
               std::optional<std::string> title = std::nullopt) {
    return run(rooms().create_group({owner, std::move(title), std::move(others)})).room_no;
  }
  Appended append(RoomNo room, MemberId sender, std::string content,
                  std::optional<std::string> client_id = std::nullopt) {
    return run(history().append({room, sender, std::move(content), std::move(client_id), {}}));
  }
  Seq say(RoomNo room, MemberId sender) { return append(room, sender, "text").message.seq; }

  ondol::storage::TemporaryDirectory directory_;
  ondol::Runtime runtime_{{.loops = 2, .workers = {.threads = 2, .max_queued = 1000}}};
  std::unique_ptr<ChatStorage> storage_;
};

inline std::string name_of(const ::testing::TestParamInfo<StorageKind>& info) {
  return info.param == StorageKind::memory ? "memory" : "sqlite";
}

inline auto every_storage() {
  return ::testing::Values(StorageKind::memory, StorageKind::sqlite);
}

inline std::vector<std::int64_t> ids_of(const std::vector<MemberId>& members) {
  std::vector<std::int64_t> ids;
  for (const MemberId member : members) ids.push_back(member.value);
  return ids;
}

template <class Members>
std::vector<std::string> names_of(const Members& members) {
  std::vector<std::string> names;
  for (const auto& member : members) names.push_back(member.name);
  return names;
}

}  // namespace chat
