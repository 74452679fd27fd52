#include <ondol/storage/storage_error.hpp>

#include <utility>

namespace ondol::storage {

StorageError::StorageError(StorageFailure failure, std::string internal_text)
    : Error{failure == StorageFailure::unavailable ? ErrorCode{5030} : ErrorCode{5000},
            failure == StorageFailure::unavailable ? "service unavailable" : "Internal error"},
      failure_{failure},
      internal_text_{std::move(internal_text)} {}

}  // namespace ondol::storage
