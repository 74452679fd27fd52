#include <mutex>

#include <ondol/boot/application.hpp>

struct Say {
  std::string author;
  std::string text;
};
struct Said {
  int room;
  int number;
  std::string author;
  std::string text;
};
struct EmptyText : std::exception {};
struct Refusal {
  std::string reason;
};

// Handlers run on all loops, so what they share is guarded.
class Talk {
 public:
  Said add(int room, const Say& say) {
    if (say.text.empty()) throw EmptyText{};
    const std::lock_guard lock{mutex_};
    auto& said = rooms_[room];
    said.push_back({room, static_cast<int>(said.size()) + 1, say.author, say.text});
    return said.back();
  }
  std::vector<Said> all(int room) {
    const std::lock_guard lock{mutex_};
    return rooms_[room];
  }

 private:
  std::mutex mutex_;
  std::map<int, std::vector<Said>> rooms_;
};

int main(int argc, char** argv) {
  return ondol::run_main([&] {
    ondol::ApplicationOptions options;
    options.stomp_path = "/ws";
    options.stomp.receipts = true;
    options.errors.user_broadcast = false;
    ondol::Application app{argc, argv, options};

    Talk talk;
    using Room = ondol::Path<"room", int>;
    // SEND /pub/rooms/7 → everybody who subscribed to /topic/rooms/7.
    app.dispatcher()
        .message("/rooms/{room}",
                 [&](Room room, ondol::Body<Say> say) { return talk.add(*room, *say); })
        .send_to("/topic/rooms/{room}");
    // SUBSCRIBE /pub/rooms/7 → what was said so far, once.
    app.dispatcher().subscribe("/rooms/{room}", [&](Room room) { return talk.all(*room); });
    app.web().get("/rooms/{room}", [&](Room room) { return talk.all(*room); });
    app.errors().add([](const EmptyText&) { return Refusal{"Say something."}; });
    return app.run();
  });
}
