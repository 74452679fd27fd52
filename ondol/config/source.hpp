#pragma once

#include <map>
#include <string>
#include <string_view>

namespace ondol::config {

// Where settings come from: one document of a file, the environment, the command line.
struct Source {
  std::string name;                                        // as errors show it
  std::map<std::string, std::string, std::less<>> values;  // by canonical name
  bool environment = false;  // values are by variable name in lower case instead
};

// Lower case, without dashes and underscores: jwt.secret-key, jwt.secretKey and jwt.secret_key are
// one name (WB-421).
std::string canonical_name(std::string_view name);

// jwt_secretkey for jwt.secret-key: what the variable JWT_SECRETKEY is in lower case (WB-421).
std::string environment_name(std::string_view name);

}  // namespace ondol::config
