#include <apps/chat/storage/failures.hpp>

#include <apps/chat/room/room.hpp>
#include <ondol/base/error.hpp>

namespace chat {

using ondol::Error;
using ondol::ErrorCode;

void fail_no_such_room() {
  throw Error{ErrorCode{4040}, "no such room"};
}
void fail_not_a_member() {
  throw Error{ErrorCode{4030}, "not a member of the room"};
}
void fail_not_the_owner() {
  throw Error{ErrorCode{4030}, "only the owner of the room may do this"};
}
void fail_no_such_member() {
  throw Error{ErrorCode{4040}, "no such member"};
}
void fail_no_such_message() {
  throw Error{ErrorCode{4040}, "no such message"};
}
void fail_login_id_taken() {
  throw Error{ErrorCode{4091}, "the login id is taken"};
}
void fail_token_exists() {
  throw Error{ErrorCode{4091}, "the token exists already"};
}
void fail_not_for_direct_room() {
  throw Error{ErrorCode{4050}, "not possible in a direct room"};
}
void fail_direct_with_oneself() {
  throw Error{ErrorCode{4221}, "a direct room needs another member"};
}
void fail_room_too_large() {
  throw Error{ErrorCode{4221},
              "a room has at most " + std::to_string(kMaxRoomMembers) + " members"};
}
void fail_bad_cursor() {
  throw Error{ErrorCode{4002}, "the cursor is malformed"};
}
void fail_both_bounds() {
  throw Error{ErrorCode{4002}, "before and after exclude each other"};
}

}  // namespace chat
