#pragma once

#include <chrono>
#include <cstddef>
#include <exception>
#include <functional>
#include <memory>
#include <string>
#include <string_view>

#include <ondol/http/detail/connection_registry.hpp>
#include <ondol/http/detail/parser.hpp>
#include <ondol/http/endpoint.hpp>
#include <ondol/runtime/loop.hpp>
#include <ondol/runtime/socket.hpp>

namespace ondol::http {

// One connection: read, dispatch, write, keep alive or upgrade; one request at a time, answered in
// order (RFC 9112 §9.3.2). While a request is handled nothing is read, so a client that does not
// wait cannot make the server gather. Lives on its loop; kept by the registry until it is closed,
// and by the task of its endpoint until that has ended.
class Connection final : public std::enable_shared_from_this<Connection>, private Socket::Events {
 public:
  // Takes the descriptor over, its place, and one reservation of the registry. On the loop that is
  // to have it.
  static void open(std::shared_ptr<ConnectionRegistry> registry, int fd, Admission::Place place,
                   std::string remote_address);

  // Those of this loop: idle ones close at once, the others behind the response they owe.
  static void drain_here(ConnectionRegistry& registry);
  static void close_all_here(ConnectionRegistry& registry);

  // For open() only.
  Connection(std::shared_ptr<ConnectionRegistry> registry, Socket socket,
             std::string remote_address);
  ~Connection() override;

 private:
  enum class Stage { idle, head, body, handling, writing, lingering, closed };

  void readable() override;
  void writable() override;

  bool reading() const { return stage_ <= Stage::body; }
  void receive();
  void take(std::string_view octets);
  void wait_for_more();
  bool tell_to_continue();
  void dispatch();
  void answered(Outcome outcome);
  void failed(const std::exception_ptr& failure);
  void refuse(int status);
  void write(Response response);
  void flush();
  void written();
  void upgrade();
  void linger();
  void discard();
  void timer_expired();
  void arm_until_deadline(std::chrono::milliseconds idle);
  void close();

  std::shared_ptr<ConnectionRegistry> registry_;
  Loop& loop_;
  Socket socket_;
  std::string remote_address_;
  Parser parser_;
  std::string input_;  // read, not yet used
  std::string head_;
  std::string body_;
  std::size_t written_ = 0;    // of head_ and body_ together
  std::size_t discarded_ = 0;  // while lingering
  Stage stage_ = Stage::idle;
  bool close_after_ = false;
  std::function<void(Socket, std::string)> take_over_;
  Loop::Clock::time_point deadline_;  // of the body, of the lingering
  Timer timer_;
};

}  // namespace ondol::http
