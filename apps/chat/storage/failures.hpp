#pragma once

#include <string>

namespace chat {

// The failures of the ports, the same in every adapter.
[[noreturn]] void fail_no_such_room();         // 4040, also when it is closed (CH-12, CH-18)
[[noreturn]] void fail_not_a_member();         // 4030 (CH-12)
[[noreturn]] void fail_not_the_owner();        // 4030 (CH-13)
[[noreturn]] void fail_no_such_member();       // 4040 (CH-10)
[[noreturn]] void fail_no_such_message();      // 4040
[[noreturn]] void fail_login_id_taken();       // 4091 (CH-1)
[[noreturn]] void fail_token_exists();         // 4091
[[noreturn]] void fail_not_for_direct_room();  // 4050 (CH-18)
[[noreturn]] void fail_direct_with_oneself();  // 4221 (CH-10)
[[noreturn]] void fail_room_too_large();       // 4221 (CH-13)
[[noreturn]] void fail_bad_cursor();           // 4002 (CH-11)
[[noreturn]] void fail_both_bounds();          // 4002 (CH-16)

}  // namespace chat
