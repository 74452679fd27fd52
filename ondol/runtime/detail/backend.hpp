#pragma once

#include <boost/asio/io_context.hpp>
#include <boost/asio/steady_timer.hpp>

#include <ondol/runtime/loop.hpp>

namespace ondol {

// What Asio is used for: readiness, sleeping, being woken. One thread runs the context (concurrency
// hint 1).
class Loop::Backend {
 public:
  using Executor = boost::asio::io_context::executor_type;

  boost::asio::io_context context{1};
  boost::asio::basic_waitable_timer<Clock, boost::asio::wait_traits<Clock>, Executor> alarm{
      context};
  Clock::time_point wakes_at = Clock::time_point::max();  // max: the alarm is not set
};

}  // namespace ondol
