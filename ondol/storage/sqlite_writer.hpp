#pragma once

#include <concepts>
#include <coroutine>
#include <cstddef>
#include <cstdint>
#include <exception>
#include <memory>
#include <optional>
#include <span>
#include <type_traits>
#include <utility>

#include <ondol/runtime/loop.hpp>
#include <ondol/runtime/task.hpp>
#include <ondol/storage/sqlite.hpp>

namespace ondol::storage {

// The one thread that writes. What queued while a commit ran is done in one transaction, so that
// one flush of the disk pays for many writes. A task ends when its work is durable, or when nothing
// of it remains.
//
// Stop it before the loops whose coroutines wait for it are destroyed.
class SqliteWriter {
 public:
  struct Nothing {
    void operator()(const auto&...) const {}
  };

  struct Options {
    std::size_t max_queued = 65'536;  // not finished yet; above: Error 5030
    std::size_t max_batch = 1'024;    // in one transaction, so that nobody waits for long
  };

  enum class Resume : std::uint8_t {
    with_the_batch,
    // Before the `committed` of any later job: what a caller does until it waits again comes, on
    // its loop, between what those of earlier and of later jobs post there.
    in_order,
  };

  // Takes the connection over; its schema is in order.
  SqliteWriter(Database database, Options options);
  ~SqliteWriter();
  SqliteWriter(const SqliteWriter&) = delete;
  SqliteWriter& operator=(const SqliteWriter&) = delete;

  // Called on a loop, resumes there. `work(Database&)` runs on the writer's thread inside a
  // transaction, in the order of the calls of one loop, and must not begin or end one. It may be
  // called again when the batch is repeated because of another's failure; what the earlier call
  // wrote is undone then. What it throws undoes what it wrote, spares the others of its batch, and
  // is thrown to the caller. When
  // the batch cannot be committed (disk full), all of it fails with StorageError 5030; the next
  // batch is tried afresh, so that the writer recovers with the disk.
  //
  // `committed` is called on the writer's thread with the result once it is durable, before its
  // caller is resumed, in the order of the commits: what must be told to others in that order is
  // told there. It must not throw.
  template <std::invocable<Database&> F, class Committed = Nothing>
  Task<std::invoke_result_t<F&, Database&>> write(F work, Committed committed = {},
                                                  Resume resume = Resume::with_the_batch);

  // Finishes what is queued and moves the journal into the database file, then refuses with 5030.
  // From any thread but the writer's; safe to call twice.
  void stop();

 private:
  // Lives in the frame of the coroutine that waits for it.
  struct Job {
    virtual void run(Database& database) = 0;
    virtual void committed() noexcept = 0;

    Loop* loop = nullptr;
    Resume resume = Resume::with_the_batch;
    std::coroutine_handle<> waiting;
    std::exception_ptr failure;

   protected:
    ~Job() = default;
  };

  struct Enqueue {
    SqliteWriter& writer;
    Job& job;
    bool refused = false;

    bool await_ready() noexcept { return false; }
    // The job may be done, and this coroutine be queued for resumption, before submit() returns;
    // its loop is this thread, so that it is not resumed before.
    bool await_suspend(std::coroutine_handle<> waiting) {
      job.waiting = waiting;
      refused = !writer.submit(job);
      return !refused;
    }
    void await_resume() const {
      if (refused) refuse();
    }
  };

  template <class F, class R, class Committed>
  struct TypedJob final : Job {
    TypedJob(F& the_work, Committed& the_listener) : work{the_work}, listener{the_listener} {}
    void committed() noexcept override {
      if constexpr (std::is_void_v<R>) {
        listener();
      } else {
        listener(std::as_const(*result));
      }
    }
    void run(Database& database) override {
      if constexpr (std::is_void_v<R>) {
        work(database);
      } else {
        result.emplace(work(database));
      }
    }

    F& work;
    Committed& listener;
    std::optional<std::conditional_t<std::is_void_v<R>, bool, R>> result;
  };

  [[noreturn]] static void refuse();
  bool submit(Job& job);
  void run_thread();
  void leave_one_file();
  void run_batch(std::span<Job* const> batch);
  enum class Care : std::uint8_t { none, savepoints };
  // False: a job failed after it had written something, and all was undone.
  bool try_batch(std::span<Job* const> batch, Care care);
  void run_job(Job& job);
  void run_with_savepoint(Job& job);

  struct State;
  std::unique_ptr<State> state_;
};

template <std::invocable<Database&> F, class Committed>
Task<std::invoke_result_t<F&, Database&>> SqliteWriter::write(F work, Committed committed,
                                                              Resume resume) {
  using R = std::invoke_result_t<F&, Database&>;
  TypedJob<F, R, Committed> job{work, committed};
  job.loop = &Loop::current();
  job.resume = resume;
  Enqueue enqueue{*this, job};
  co_await enqueue;
  if (job.failure) std::rethrow_exception(std::move(job.failure));
  if constexpr (!std::is_void_v<R>) co_return std::move(*job.result);
}

}  // namespace ondol::storage
