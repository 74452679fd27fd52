#pragma once

#include <concepts>
#include <cstdint>
#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

struct sqlite3_stmt;

namespace ondol::storage {

class Database;
struct PreparedStatement;

// One use of a prepared statement; give it up before the next use of the same text, otherwise that
// one is prepared anew. All failures are StorageError. Belongs to the thread that uses its Database
// and must not outlive it.
class Statement {
 public:
  Statement(Statement&& other) noexcept;
  Statement& operator=(Statement&&) = delete;
  ~Statement();

  // All parameters at once, ?1 first: integers, text, std::optional of these (empty: NULL),
  // std::nullopt. Text is copied. Begins the statement anew.
  template <class... Values>
  Statement& bind(const Values&... values) {
    reset();
    int index = 0;
    (bind_value(++index, values), ...);
    return *this;
  }

  // True: there is a row, whose columns may be read until the next step.
  bool step();
  // For statements without rows, or whose rows do not matter.
  void run();

  // Columns of the present row, from 0. NULL reads as 0 and as empty text.
  bool is_null(int column) const;
  std::int64_t integer(int column) const;
  std::string text(int column) const;
  std::optional<std::int64_t> optional_integer(int column) const;
  std::optional<std::string> optional_text(int column) const;

 private:
  friend class Database;
  explicit Statement(std::shared_ptr<PreparedStatement> prepared);

  void reset();
  template <std::integral Integer>
  void bind_value(int index, Integer value) {
    bind_integer(index, static_cast<std::int64_t>(value));
  }
  void bind_value(int index, std::string_view value) { bind_text(index, value); }
  void bind_value(int index, std::nullopt_t) { bind_null(index); }
  template <class Value>
  void bind_value(int index, const std::optional<Value>& value) {
    value ? bind_value(index, *value) : bind_null(index);
  }
  void bind_integer(int index, std::int64_t value);
  void bind_text(int index, std::string_view value);
  void bind_null(int index);

  std::shared_ptr<PreparedStatement> prepared_;
};

enum class Access : std::uint8_t { read_only, read_write };

// One connection to an SQLite file: foreign keys checked, writes synchronous (FULL), 5 s of
// patience with locks. Used by one thread at a time.
class Database {
 public:
  // read_write creates the file, readable by its owner alone, when it is missing. Throws
  // OpenRefused.
  static Database open(const std::filesystem::path& path, Access access);

  Database(Database&&) noexcept;
  Database& operator=(Database&&) noexcept;
  ~Database();

  const std::filesystem::path& path() const;

  // Prepared at the first use of the text and kept: write texts as constants, values as parameters.
  // At most kMaxPrepared are kept.
  static constexpr std::size_t kMaxPrepared = 256;
  Statement prepare(std::string_view sql);

  // Runs a script of any number of statements; nothing is kept.
  void execute(std::string_view script);

  bool in_transaction() const;
  std::int64_t last_insert_id() const;
  std::int64_t changed_rows() const;        // by the last INSERT, UPDATE or DELETE
  std::int64_t total_changed_rows() const;  // by all since the connection was opened

 private:
  struct State;
  explicit Database(std::unique_ptr<State> state);

  std::unique_ptr<State> state_;
};

enum class TransactionKind : std::uint8_t {
  read,   // one snapshot for all its queries
  write,  // holds the write lock from the beginning, so it never fails half-way for want of it
};

// Rolls back unless committed.
class Transaction {
 public:
  Transaction(Database& database, TransactionKind kind);
  Transaction(const Transaction&) = delete;
  Transaction& operator=(const Transaction&) = delete;
  ~Transaction();

  void commit();

 private:
  Database& database_;
  bool open_ = true;
};

}  // namespace ondol::storage
