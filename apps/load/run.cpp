#include <apps/load/run.hpp>

#include <algorithm>
#include <utility>

#include <fmt/format.h>

namespace load {

void Run::failed(std::string why) {
  if (failure_.empty()) failure_ = std::move(why);
}

void Run::connect(std::size_t count, Client::Events& events,
                  const std::function<void(Client&)>& prepare) {
  if (!events.lost) {
    events.lost = [this](Client& client, const std::string& why) {
      failed(fmt::format("client {}: {}", client.index(), why));
    };
  }
  const auto first = clients_.size();
  const auto already = ready_;
  for (std::size_t i = 0; i < count; ++i) {
    clients_.push_back(std::make_unique<Client>(engine_, options_.target, events,
                                                static_cast<std::uint32_t>(first + i)));
    if (prepare) prepare(*clients_.back());
  }
  std::size_t begun = 0;
  const auto next = [&] {
    while (begun < count && begun - (ready_ - already) < options_.concurrency) {
      const int source = options_.sources > 1 ? static_cast<int>(begun) % options_.sources : -1;
      clients_[first + begun]->connect(source);
      ++begun;
    }
    return ready_ - already == count || !failure_.empty();
  };
  const bool done = engine_.run_until(next, Engine::now() + to_nanoseconds(options_.timeout));
  if (!failure_.empty()) throw ServerFailed{failure_};
  if (!done) {
    throw ServerFailed{fmt::format("only {} of {} clients were set up within {} s",
                                   ready_ - already, count, options_.timeout)};
  }
}

void Run::turn_for(double seconds) {
  turn_until([] { return false; }, seconds);
}

bool Run::turn_until(const std::function<bool()>& done, double seconds) {
  const bool was_done = engine_.run_until([&] { return !failure_.empty() || done(); },
                                          Engine::now() + to_nanoseconds(seconds));
  if (!failure_.empty()) throw ServerFailed{failure_};
  return was_done;
}

void Run::progress(const std::string& unit, const std::function<std::uint64_t()>& units) {
  if (options_.quiet) return;
  engine_.at(Engine::now() + 1'000'000'000, [this, unit, units, before = units()] {
    if (!watching_) return;
    fmt::print(stderr, "{}{} {}/s\n", measuring_ ? "" : "(warming up) ", units() - before, unit);
    progress(unit, units);
  });
}

void Run::measure(const std::string& unit, const std::function<std::uint64_t()>& units) {
  watching_ = true;
  progress(unit, units);
  turn_for(options_.warm_up);
  measuring_ = true;
  const auto before = server_.usage();
  const auto units_before = units();
  const auto begin = Engine::now();
  turn_for(options_.duration);
  const auto seconds = static_cast<double>(Engine::now() - begin) / 1e9;
  const auto count = units() - units_before;
  const auto after = server_.usage();
  measuring_ = watching_ = false;

  report_.add("seconds", seconds);
  report_.add(unit, count);
  report_.add(unit + "_per_s", static_cast<double>(count) / seconds);
  if (server_.known()) {
    const auto core = after.core_seconds - before.core_seconds;
    report_.add("server_core_us_each", count == 0 ? 0.0 : core * 1e6 / static_cast<double>(count));
    report_.add("server_core_share", core / seconds);
    report_.add("server_resident_octets", after.resident);
  }
}

}  // namespace load
