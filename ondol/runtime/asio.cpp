// The one file that compiles Asio.
#include <boost/asio/impl/src.hpp>
