#include <apps/chat/member/member_controller.hpp>

namespace chat {

void MemberController::routes(ondol::web::Routes<MemberController>& on) const {
  on.post("/api/members", &MemberController::sign_up).status(201);
  on.post("/api/login", &MemberController::log_in);
  on.post("/api/token/refresh", &MemberController::refresh);
  on.post("/api/logout", &MemberController::log_out);
  on.get("/api/members/me", &MemberController::me);
  on.patch("/api/members/me", &MemberController::rename);
  on.get("/api/members", &MemberController::search);
}

}  // namespace chat
