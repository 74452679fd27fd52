#pragma once

#include <cstddef>
#include <memory>
#include <string>
#include <string_view>

#include <ondol/http/endpoint.hpp>
#include <ondol/http/limits.hpp>
#include <ondol/http/parser.hpp>
#include <ondol/runtime/loop.hpp>

namespace ondol::http {

// What the connections of a server share.
struct ConnectionContext {
  Limits limits;
  Endpoint endpoint;
};

// One connection: read, dispatch, write, keep alive or upgrade; one request at a time, answered in order. Lives on its
// loop, kept by the loop's list until it is closed, and by the task of its endpoint until that has ended.
class Connection final : public std::enable_shared_from_this<Connection>, private Socket::Events {
 public:
  static void open(const ConnectionContext& context, int fd, std::string remote_address);

  // Of this loop: idle ones close at once, busy ones behind their response.
  static void drain_here();
  static void close_all_here();
  static std::size_t count_here();

  Connection(const ConnectionContext& context, Socket socket, std::string remote_address);
  ~Connection() override;

 private:
  void readable() override;
  void writable() override;

  void consume();
  void dispatch();
  void answered(Outcome outcome);
  void refuse(int status);
  void write(const Response& response);
  void flush();
  void written();
  void close();
  void close_with_linger();
  void timer_expired();
  void arm_for_reading();

  enum class Stage { reading, handling, writing, lingering, closed };

  const ConnectionContext& context_;
  Loop& loop_;
  Socket socket_;
  std::string remote_address_;
  Parser parser_;
  std::string input_;  // read, not yet used
  std::string output_;
  std::size_t output_written_ = 0;
  Stage stage_ = Stage::reading;
  bool close_after_ = false;
  bool peer_finished_ = false;
  bool body_timed_ = false;
  std::function<void(Socket, std::string)> take_over_;
  Timer timer_;
};

}  // namespace ondol::http
