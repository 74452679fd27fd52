// expect: A handler must be const
#include <ondol/web/web.hpp>

void map(ondol::web::Web& web) {
  web.get("/count", [n = 0]() mutable { return std::to_string(++n); });
}
