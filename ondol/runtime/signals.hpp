#pragma once

#include <functional>

namespace ondol {

// SIGINT and SIGTERM as events. The constructor blocks both for the calling thread and for every
// thread that it starts afterwards, so make it first in main(). SIGPIPE and SIGXFSZ are
// ignored for the whole process: a peer that is gone shows as EPIPE, a file that may not grow as
// EFBIG.
class Signals {
 public:
  Signals();

  // Waits, on the calling thread, until one of them comes; answers its number.
  int wait();
};

}  // namespace ondol
