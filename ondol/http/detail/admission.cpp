#include <ondol/http/detail/admission.hpp>

#include <utility>

namespace ondol::http {

class Admission::Shared final : public Socket::Place {
 public:
  Shared(std::shared_ptr<Admission> of, std::string address)
      : of_{std::move(of)}, address_{std::move(address)} {}
  void left() override { of_->left(*this); }

 private:
  friend class Admission;
  const std::shared_ptr<Admission> of_;
  const std::string address_;
  std::size_t count_ = 0;
};

Admission::Admission(std::size_t all, std::size_t of_one_address)
    : max_all_{all}, max_of_one_{of_one_address} {}

Admission::~Admission() = default;

Admission::Place Admission::admit(const std::string& address) {
  const std::lock_guard lock{mutex_};
  if (all_ >= max_all_) return nullptr;
  auto& place = by_address_[max_of_one_ == 0 ? std::string{} : address];
  if (!place) place = std::make_unique<Shared>(shared_from_this(), max_of_one_ == 0 ? "" : address);
  if (max_of_one_ != 0 && place->count_ >= max_of_one_) return nullptr;
  ++place->count_;
  ++all_;
  return Place{place.get()};
}

std::size_t Admission::count() const {
  const std::lock_guard lock{mutex_};
  return all_;
}

void Admission::left(Shared& place) {
  // The last place keeps this object: it goes when the lock is gone.
  std::unique_ptr<Shared> empty;
  const std::lock_guard lock{mutex_};
  --all_;
  if (--place.count_ > 0) return;
  const auto found = by_address_.find(place.address_);
  empty = std::move(found->second);
  by_address_.erase(found);
}

}  // namespace ondol::http
