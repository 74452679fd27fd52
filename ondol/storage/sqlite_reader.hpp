#pragma once

#include <concepts>
#include <filesystem>
#include <memory>
#include <type_traits>
#include <utility>

#include <ondol/runtime/task.hpp>
#include <ondol/runtime/workers.hpp>
#include <ondol/storage/sqlite.hpp>
#include <ondol/storage/storage_error.hpp>

namespace ondol::storage {

// Read-only connections, used on the workers: at most one for each of their threads, opened when
// first needed. Readers neither wait for the writer nor hold it up. The file exists and its schema
// is in order.
class SqliteReader {
 public:
  SqliteReader(std::filesystem::path path, Workers& workers);
  ~SqliteReader();  // no read is running any more
  SqliteReader(const SqliteReader&) = delete;
  SqliteReader& operator=(const SqliteReader&) = delete;

  // Called on a loop, resumes there. All queries of `query(Database&)` see one snapshot, which
  // holds every write whose task had ended before. Error 5030 when the workers have too much to do.
  template <std::invocable<Database&> F>
  Task<std::invoke_result_t<F&, Database&>> read(F query);

 private:
  class Lease {
   public:
    explicit Lease(SqliteReader& reader);
    Lease(const Lease&) = delete;
    Lease& operator=(const Lease&) = delete;
    ~Lease();
    Database& database() { return *database_; }

   private:
    SqliteReader& reader_;
    std::unique_ptr<Database> database_;
  };

  static void report(const StorageError& failure);

  struct State;
  Workers& workers_;
  std::unique_ptr<State> state_;
};

template <std::invocable<Database&> F>
Task<std::invoke_result_t<F&, Database&>> SqliteReader::read(F query) {
  auto on_worker = [this, &query] {
    try {
      Lease lease{*this};
      // A read-only transaction has nothing to commit; its end releases the snapshot.
      const Transaction snapshot{lease.database(), TransactionKind::read};
      return query(lease.database());
    } catch (const StorageError& failure) {
      report(failure);
      throw;
    }
  };
  co_return co_await workers_.run(on_worker);
}

}  // namespace ondol::storage
