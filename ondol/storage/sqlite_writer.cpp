#include <ondol/storage/sqlite_writer.hpp>

#include <algorithm>
#include <condition_variable>
#include <mutex>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include <pthread.h>

#include <ondol/log/logger.hpp>
#include <ondol/storage/storage_error.hpp>

namespace ondol::storage {

struct SqliteWriter::State {
  State(Database the_database, Options the_options)
      : database{std::move(the_database)}, options{the_options} {}

  Database database;
  Options options;
  std::mutex mutex;
  std::condition_variable filled;
  std::vector<Job*> queue;
  std::size_t unfinished = 0;  // queued, or taken and not yet answered
  bool stopping = false;
  std::thread thread;
};

namespace {

constexpr log::Logger kLog{"ondol.storage"};

// What one loop is told of a batch, in the order of the queue.
struct Answers {
  Loop* loop;
  std::vector<std::coroutine_handle<>> waiting;
};

void post(std::vector<Answers> answers) {
  for (Answers& each : answers) {
    each.loop->post([waiting = std::move(each.waiting)] {
      for (const std::coroutine_handle<> one : waiting) one.resume();
    });
  }
}

std::string internal_text_of(const std::exception_ptr& failure) {
  try {
    std::rethrow_exception(failure);
  } catch (const StorageError& error) {
    return error.internal_text();
  } catch (const std::exception& error) {
    return error.what();
  } catch (...) {
    return "unknown failure";
  }
}

}  // namespace

SqliteWriter::SqliteWriter(Database database, Options options)
    : state_{std::make_unique<State>(std::move(database), options)} {
  state_->thread = std::thread{[this] { run_thread(); }};
}

SqliteWriter::~SqliteWriter() {
  stop();
}

void SqliteWriter::stop() {
  {
    const std::lock_guard lock{state_->mutex};
    state_->stopping = true;
  }
  state_->filled.notify_one();
  if (state_->thread.joinable()) state_->thread.join();
}

void SqliteWriter::refuse() {
  throw StorageError{StorageFailure::unavailable, "the queue of the writer is full or closed"};
}

bool SqliteWriter::submit(Job& job) {
  bool wake = false;
  {
    const std::lock_guard lock{state_->mutex};
    if (state_->stopping || state_->unfinished >= state_->options.max_queued) return false;
    wake = state_->queue.empty();
    state_->queue.push_back(&job);
    ++state_->unfinished;
  }
  if (wake) state_->filled.notify_one();
  return true;
}

void SqliteWriter::run_thread() {
  ::pthread_setname_np(::pthread_self(), "sqlite-writer");
  std::vector<Job*> taken;
  for (;;) {
    {
      std::unique_lock lock{state_->mutex};
      state_->unfinished -= taken.size();
      taken.clear();
      state_->filled.wait(lock, [this] { return state_->stopping || !state_->queue.empty(); });
      if (state_->queue.empty()) break;
      taken.swap(state_->queue);
    }
    const std::span<Job* const> all{taken};
    for (std::size_t begin = 0; begin < all.size(); begin += state_->options.max_batch) {
      run_batch(all.subspan(begin, std::min(state_->options.max_batch, all.size() - begin)));
    }
  }
  leave_one_file();
}

// Only for whoever copies the file afterwards: the journal is as good.
void SqliteWriter::leave_one_file() {
  try {
    state_->database.prepare("PRAGMA wal_checkpoint(TRUNCATE)").step();
  } catch (...) {
    kLog.warn("the journal stays: {}", internal_text_of(std::current_exception()));
  }
}

void SqliteWriter::run_batch(std::span<Job* const> batch) {
  try {
    // Savepoints cost as much as a row each, and nearly every batch goes without.
    if (!try_batch(batch, Care::none)) try_batch(batch, Care::savepoints);
  } catch (...) {
    const std::string text = internal_text_of(std::current_exception());
    kLog.error("a batch of {} writes was undone: {}", batch.size(), text);
    // Also for those that failed on their own: they may have failed because of what is undone now.
    // Each gets an exception of its own, since they are thrown on several threads.
    for (Job* job : batch) {
      job->failure = std::make_exception_ptr(StorageError{StorageFailure::unavailable, text});
    }
  }

  // Once its answer is posted, a job may be gone: nothing of it is touched after that.
  std::vector<Answers> answers;
  for (Job* job : batch) {
    if (!job->failure) job->committed();
    const bool at_once = job->resume == Resume::in_order;
    auto of_loop = std::ranges::find(answers, job->loop, &Answers::loop);
    if (of_loop == answers.end()) of_loop = answers.insert(answers.end(), {job->loop, {}});
    of_loop->waiting.push_back(job->waiting);
    if (at_once) post(std::exchange(answers, {}));
  }
  post(std::move(answers));
}

bool SqliteWriter::try_batch(std::span<Job* const> batch, Care care) {
  Transaction transaction{state_->database, TransactionKind::write};
  for (Job* job : batch) {
    job->failure = nullptr;
    if (care == Care::savepoints) {
      run_with_savepoint(*job);
    } else {
      const auto before = state_->database.total_changed_rows();
      run_job(*job);
      if (job->failure && state_->database.total_changed_rows() != before) return false;
    }
  }
  transaction.commit();
  return true;
}

void SqliteWriter::run_job(Job& job) {
  try {
    job.run(state_->database);
  } catch (const StorageError& failure) {
    kLog.error("a write was undone: {}", failure.internal_text());
    job.failure = std::current_exception();
  } catch (...) {
    job.failure = std::current_exception();
  }
  // SQLite gives the whole transaction up when there is no room for what it needs to undo one
  // statement.
  if (job.failure && !state_->database.in_transaction()) std::rethrow_exception(job.failure);
}

void SqliteWriter::run_with_savepoint(Job& job) {
  Database& database = state_->database;
  database.prepare("SAVEPOINT job").run();
  run_job(job);
  if (job.failure) database.prepare("ROLLBACK TO job").run();
  database.prepare("RELEASE job").run();
}

}  // namespace ondol::storage
