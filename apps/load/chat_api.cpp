#include <apps/load/chat_api.hpp>

#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include <charconv>
#include <stdexcept>

#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>
#include <boost/json/value.hpp>

namespace load {
namespace {

namespace json = boost::json;

constexpr const char* kPassword = "ondol-load's password";

}  // namespace

ChatApi::Answer ChatApi::post(const std::string& path, const std::string& body,
                              const std::string& token) const {
  const int fd = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_port = htons(port_);
  ::inet_pton(AF_INET, host_.c_str(), &address.sin_addr);
  if (::connect(fd, reinterpret_cast<const sockaddr*>(&address), sizeof address) != 0) {
    ::close(fd);
    throw std::runtime_error{"cannot connect to the chat"};
  }
  std::string request = "POST " + path + " HTTP/1.1\r\nHost: " + host_ +
                        "\r\nConnection: close\r\nContent-Type: application/json\r\n"
                        "Content-Length: " +
                        std::to_string(body.size()) + "\r\n";
  if (!token.empty()) request += "Authorization: Bearer " + token + "\r\n";
  request += "\r\n" + body;
  for (std::size_t at = 0; at < request.size();) {
    const auto n = ::send(fd, request.data() + at, request.size() - at, MSG_NOSIGNAL);
    if (n <= 0) break;
    at += static_cast<std::size_t>(n);
  }
  std::string response;
  char buffer[65'536];
  for (ssize_t n = 0; (n = ::recv(fd, buffer, sizeof buffer, 0)) > 0;) {
    response.append(buffer, static_cast<std::size_t>(n));
  }
  ::close(fd);
  Answer answer;
  if (response.size() > 12)
    std::from_chars(response.data() + 9, response.data() + 12, answer.status);
  const auto head = response.find("\r\n\r\n");
  if (head != std::string::npos) answer.body = response.substr(head + 4);
  return answer;
}

ChatApi::Member ChatApi::member(const std::string& login_id) {
  json::object login{{"loginId", login_id}, {"password", kPassword}};
  auto sign_up = login;
  sign_up["name"] = login_id;
  const auto made = post("/api/members", json::serialize(sign_up), {});
  if (made.status != 201 && made.status != 409) {
    throw std::runtime_error{"sign-up: " + std::to_string(made.status) + ' ' + made.body};
  }
  const auto answer = post("/api/login", json::serialize(login), {});
  if (answer.status != 200) {
    throw std::runtime_error{"login: " + std::to_string(answer.status) + ' ' + answer.body};
  }
  const auto value = json::parse(answer.body);
  return {value.at("member").at("memberId").to_number<std::int64_t>(),
          std::string{value.at("accessToken").as_string()}};
}

std::int64_t ChatApi::group(const Member& owner, const std::vector<std::int64_t>& members) {
  json::object room{{"type", "group"}, {"title", "load"}};
  room["memberIds"] = json::array(members.begin(), members.end());
  const auto answer = post("/api/rooms", json::serialize(room), owner.token);
  if (answer.status != 201) {
    throw std::runtime_error{"room: " + std::to_string(answer.status) + ' ' + answer.body};
  }
  return json::parse(answer.body).at("roomNo").to_number<std::int64_t>();
}

}  // namespace load
