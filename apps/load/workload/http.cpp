#include <charconv>
#include <deque>
#include <memory>
#include <optional>
#include <vector>

#include <apps/load/histogram.hpp>
#include <apps/load/run.hpp>
#include <apps/load/workload/flight.hpp>

namespace load {
namespace {

bool starts_with_name(std::string_view line, std::string_view name) {
  if (line.size() < name.size()) return false;
  for (std::size_t i = 0; i < name.size(); ++i) {
    const char c = line[i] >= 'A' && line[i] <= 'Z' ? static_cast<char>(line[i] + 32) : line[i];
    if (c != name[i]) return false;
  }
  return true;
}

class Http;

// A keep-alive connection with requests in a pipeline.
class Pipeline final : public Connection {
 public:
  Pipeline(Http& owner, Engine& engine) : Connection{engine}, owner_{owner} {}
  void request(std::uint64_t due);
  std::size_t waiting() const { return due_.size(); }

 private:
  void connected() override;
  std::size_t received(std::string_view octets) override;
  void lost(const std::string& why) override;

  Http& owner_;
  std::deque<std::uint64_t> due_;
};

class Http {
 public:
  explicit Http(Run& run) : run_{run} {
    const auto& target = run.options().target;
    request_ = run.options().method + ' ' + target.path + " HTTP/1.1\r\nHost: " + target.host +
               ':' + std::to_string(target.port) + "\r\n";
    for (const auto& [name, value] : target.http_headers) request_ += name + ": " + value + "\r\n";
    if (run.options().body_size > 0) {
      request_ += "Content-Length: " + std::to_string(run.options().body_size) + "\r\n";
    }
    request_ += "\r\n";
    request_.append(run.options().body_size, 'x');
  }

  void run() {
    const auto& options = run_.options();
    for (std::size_t i = 0; i < options.connections; ++i) {
      pipelines_.push_back(std::make_unique<Pipeline>(*this, run_.engine()));
      pipelines_.back()->open(options.target.host, options.target.port);
    }
    if (!run_.turn_until([&] { return open_count_ == pipelines_.size(); }, options.timeout)) {
      throw ServerFailed{"not all connections were accepted"};
    }
    if (options.rate > 0) {
      open_.emplace(run_.engine(), options.rate, [&](std::uint64_t due) {
        pipelines_[turn_++ % pipelines_.size()]->request(due);
      });
    } else {
      for (auto& pipeline : pipelines_) {
        for (std::size_t i = 0; i < options.window; ++i) pipeline->request(Engine::now());
      }
    }
    run_.measure("responses", [this] { return responses_; });
    sending_ = false;
    if (open_) open_->stop();
    const auto quiet = [&] {
      for (const auto& pipeline : pipelines_) {
        if (pipeline->waiting() > 0) return false;
      }
      return true;
    };
    run_.turn_until(quiet, options.drain);
    std::uint64_t unanswered = 0;
    for (const auto& pipeline : pipelines_) unanswered += pipeline->waiting();
    auto& report = run_.report();
    report.add_latency("latency", latency_);
    report.add_fault("unanswered", unanswered);
    report.add_fault("not_200", not_ok_);
  }

  const std::string& request() const { return request_; }
  void connected() { ++open_count_; }
  void failed(const std::string& why) { run_.failed(why); }
  void answered(Pipeline& pipeline, std::uint64_t due, bool ok) {
    ++responses_;
    if (!ok) ++not_ok_;
    if (run_.measuring()) latency_.add(Engine::now() - due);
    if (sending_ && run_.options().rate == 0) pipeline.request(Engine::now());
  }

 private:
  Run& run_;
  std::string request_;
  std::vector<std::unique_ptr<Pipeline>> pipelines_;
  std::optional<OpenLoop> open_;
  Histogram latency_;
  std::size_t open_count_ = 0;
  std::uint64_t responses_ = 0;
  std::uint64_t not_ok_ = 0;
  std::size_t turn_ = 0;
  bool sending_ = true;
};

void Pipeline::request(std::uint64_t due) {
  due_.push_back(due);
  write(owner_.request());
}

void Pipeline::connected() {
  owner_.connected();
}

void Pipeline::lost(const std::string& why) {
  owner_.failed(why);
}

std::size_t Pipeline::received(std::string_view octets) {
  std::size_t used = 0;
  while (true) {
    const auto rest = octets.substr(used);
    const auto end = rest.find("\r\n\r\n");
    if (end == std::string_view::npos) return used;
    const auto head = rest.substr(0, end + 2);
    std::size_t length = 0;
    for (auto at = head.find("\r\n"); at != std::string_view::npos;
         at = head.find("\r\n", at + 2)) {
      auto line = head.substr(at + 2);
      if (!starts_with_name(line, "content-length:")) continue;
      line.remove_prefix(15);
      line.remove_prefix(std::min(line.find_first_not_of(' '), line.size()));
      std::from_chars(line.data(), line.data() + line.size(), length);
    }
    if (rest.size() < end + 4 + length) return used;
    used += end + 4 + length;
    if (due_.empty()) {
      owner_.failed("a response to no request");
      return octets.size();
    }
    const auto due = due_.front();
    due_.pop_front();
    owner_.answered(*this, due, head.starts_with("HTTP/1.1 200"));
  }
}

}  // namespace

void run_http(Run& run) {
  Http{run}.run();
}

}  // namespace load
