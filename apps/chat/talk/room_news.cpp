#include <apps/chat/talk/room_news.hpp>

#include <chrono>
#include <map>
#include <optional>
#include <set>
#include <unordered_map>
#include <utility>

#include <apps/chat/talk/destinations.hpp>
#include <ondol/log/logger.hpp>

namespace chat {
namespace {

using ondol::Task;

constexpr ondol::log::Logger kLog{"chat.news"};

constexpr std::string_view kRoomsQueue = "/queue/rooms";
constexpr std::chrono::milliseconds kRoomPeriod{1'000};  // CH-30
constexpr std::chrono::milliseconds kReadPeriod{200};    // CH-26

std::string user_of(MemberId member) {
  return std::to_string(member.value);
}

// `event` beside the members of CH-11.
struct RoomEvent {
  std::string event = "room";
  RoomNo room_no;
  std::string type;
  std::string title;
  std::int64_t member_count = 0;
  std::vector<MemberName> members;
  std::optional<ChatMessage> last_message;
  Seq last_read_seq = 0;
  std::int64_t unread_count = 0;
  bool muted = false;
};

RoomEvent to_event(RoomSummary room) {
  return {"room",
          room.room_no,
          std::move(room.type),
          std::move(room.title),
          room.member_count,
          std::move(room.members),
          std::move(room.last_message),
          room.last_read_seq,
          room.unread_count,
          room.muted};
}

struct RemovedEvent {
  std::string event = "removed";
  RoomNo room_no;
};

struct Read {
  MemberId member_id;
  Seq seq = 0;
};
struct ReadEvent {
  std::string event = "read";
  std::vector<Read> reads;
};

}  // namespace

// The rooms of one loop that were in the news lately; lives on that loop.
class RoomNews::Desk {
 public:
  Desk(RoomRepository& rooms, ondol::messaging::Messenger& messenger)
      : rooms_{rooms}, messenger_{messenger} {}

  void changed(RoomNo room, std::optional<MemberId> only) {
    auto& entry = entry_of(room);
    if (only) {
      entry.viewers.insert(*only);
    } else {
      entry.for_all = true;
    }
    if (!entry.news_held) tell(entry);
  }

  void removed(RoomNo room, MemberId member) {
    auto& entry = entry_of(room);
    if (entry.telling) {
      entry.removed.push_back(member);  // not before what is being read of the room now
    } else {
      say_removed(room, member);
      forget_if_quiet(entry);
    }
  }

  void read(RoomNo room, MemberId reader, Seq seq) {
    auto& entry = entry_of(room);
    auto& newest = entry.reads[reader];
    newest = std::max(newest, seq);
    if (!entry.reads_held) tell_reads(entry);
  }

 private:
  struct Entry {
    Entry(Desk& d, RoomNo r) : desk{d}, room{r} {}

    Desk& desk;
    RoomNo room;
    bool news_held = false;  // the period runs, or its news are being read
    bool telling = false;
    bool for_all = false;
    std::set<MemberId> viewers;
    std::vector<MemberId> removed;
    bool reads_held = false;
    std::map<MemberId, Seq> reads;
    ondol::Timer news_timer{[](void* self) {
                              auto& entry = *static_cast<Entry*>(self);
                              entry.desk.news_period_ended(entry);
                            },
                            this};
    ondol::Timer reads_timer{[](void* self) {
                               auto& entry = *static_cast<Entry*>(self);
                               entry.desk.reads_period_ended(entry);
                             },
                             this};
  };

  Entry& entry_of(RoomNo room) {
    auto& entry = entries_[room.value];
    if (!entry) entry = std::make_unique<Entry>(*this, room);
    return *entry;
  }

  void forget_if_quiet(Entry& entry) {
    if (!entry.news_held && !entry.reads_held) entries_.erase(entry.room.value);
  }

  void tell(Entry& entry) {
    entry.news_held = true;
    entry.telling = true;
    ondol::start(
        send_news(entry), [this, &entry] { told(entry); },
        [this, &entry](const std::exception_ptr& failure) {
          try {
            std::rethrow_exception(failure);
          } catch (const std::exception& e) {
            kLog.warn("room {}: no news this time: {}", entry.room.value, e.what());
          }
          told(entry);
        });
  }

  void told(Entry& entry) {
    entry.telling = false;
    for (const auto member : std::exchange(entry.removed, {})) say_removed(entry.room, member);
    ondol::Loop::current().arm(entry.news_timer, kRoomPeriod);
  }

  void news_period_ended(Entry& entry) {
    entry.news_held = false;
    if (entry.for_all || !entry.viewers.empty()) {
      tell(entry);
    } else {
      forget_if_quiet(entry);
    }
  }

  Task<void> send_news(Entry& entry) {
    const auto some = std::exchange(entry.viewers, {});
    std::vector<MemberId> viewers;
    if (std::exchange(entry.for_all, false)) {
      viewers = co_await rooms_.members(entry.room);
    } else {
      viewers.assign(some.begin(), some.end());
    }
    std::erase_if(viewers, [&](MemberId m) { return !messenger_.is_connected(user_of(m)); });
    if (viewers.empty()) co_return;
    auto views = co_await rooms_.summaries(entry.room, std::move(viewers));
    const ondol::messaging::To to{
        .unless_subscribed = {destination_of(entry.room), dotted_destination_of(entry.room)}};
    for (auto& view : views) {
      messenger_.send_to_user(user_of(view.viewer), kRoomsQueue, to_event(std::move(view.room)),
                              to);
    }
  }

  void say_removed(RoomNo room, MemberId member) const {
    messenger_.send_to_user(user_of(member), kRoomsQueue, RemovedEvent{"removed", room});
  }

  void tell_reads(Entry& entry) {
    ReadEvent event;
    for (const auto& [member, seq] : std::exchange(entry.reads, {})) {
      event.reads.push_back({member, seq});
    }
    messenger_.send(events_of(entry.room), event);
    entry.reads_held = true;
    ondol::Loop::current().arm(entry.reads_timer, kReadPeriod);
  }

  void reads_period_ended(Entry& entry) {
    entry.reads_held = false;
    if (!entry.reads.empty()) {
      tell_reads(entry);
    } else {
      forget_if_quiet(entry);
    }
  }

  RoomRepository& rooms_;
  ondol::messaging::Messenger& messenger_;
  std::unordered_map<std::int64_t, std::unique_ptr<Entry>> entries_;
};

RoomNews::RoomNews(RoomRepository& rooms, ondol::messaging::Messenger& messenger,
                   ondol::Runtime& runtime)
    : messenger_{messenger}, runtime_{runtime} {
  for (std::size_t i = 0; i < runtime.size(); ++i) {
    desks_.push_back(std::make_unique<Desk>(rooms, messenger));
  }
}

RoomNews::~RoomNews() = default;

RoomNews::Desk& RoomNews::desk_of(RoomNo room, ondol::Loop*& loop) {
  const auto index = static_cast<std::size_t>(room.value) % desks_.size();
  loop = &runtime_.loop(index);
  return *desks_[index];
}

void RoomNews::changed(RoomNo room) {
  ondol::Loop* loop = nullptr;
  Desk& desk = desk_of(room, loop);
  loop->post([&desk, room] { desk.changed(room, std::nullopt); });
}

void RoomNews::changed_for(RoomNo room, MemberId member) {
  ondol::Loop* loop = nullptr;
  Desk& desk = desk_of(room, loop);
  loop->post([&desk, room, member] { desk.changed(room, member); });
}

void RoomNews::removed(RoomNo room, MemberId member) {
  ondol::Loop* loop = nullptr;
  Desk& desk = desk_of(room, loop);
  loop->post([&desk, room, member] { desk.removed(room, member); });
}

void RoomNews::read(RoomNo room, MemberId reader, Seq seq) {
  ondol::Loop* loop = nullptr;
  Desk& desk = desk_of(room, loop);
  loop->post([&desk, room, reader, seq] { desk.read(room, reader, seq); });
}

void RoomNews::publish(const ChatMessage& message) const {
  messenger_.send({destination_of(message.room_no), dotted_destination_of(message.room_no)},
                  message);
}

}  // namespace chat
