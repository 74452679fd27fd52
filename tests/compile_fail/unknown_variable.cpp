// expect: the_pattern_has_no_variable_of_that_name
#include <ondol/web/web.hpp>

void map(ondol::web::Web& web) {
  web.get("/rooms/{roomNumber}", [](ondol::Path<"roomNo"> room) { return *room; });
}
