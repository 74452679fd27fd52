#pragma once

#include <span>

#include <ondol/storage/schema.hpp>

namespace chat::sqlite {

// The scripts of migrations/, in their order.
std::span<const ondol::storage::Migration> migrations();

}  // namespace chat::sqlite
