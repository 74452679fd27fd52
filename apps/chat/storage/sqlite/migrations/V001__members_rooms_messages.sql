-- Times are milliseconds since 1970-01-01T00:00:00Z.

CREATE TABLE member (
  member_id INTEGER PRIMARY KEY AUTOINCREMENT,
  login_id TEXT NOT NULL COLLATE NOCASE UNIQUE,
  name TEXT NOT NULL,
  name_key TEXT NOT NULL,  -- the name with its ASCII letters in lower case: what a search compares
  password_hash TEXT NOT NULL,
  created_at INTEGER NOT NULL
) STRICT;
CREATE INDEX member_by_name ON member (name_key, member_id);

CREATE TABLE refresh_token (
  token_hash TEXT PRIMARY KEY,
  family TEXT NOT NULL,
  member_id INTEGER NOT NULL REFERENCES member,
  expires_at INTEGER NOT NULL,
  state TEXT NOT NULL CHECK (state IN ('live', 'rotated', 'revoked'))
) STRICT, WITHOUT ROWID;
CREATE INDEX refresh_token_by_family ON refresh_token (family);
CREATE INDEX refresh_token_by_expiry ON refresh_token (expires_at);

CREATE TABLE room (
  room_no INTEGER PRIMARY KEY AUTOINCREMENT,
  type TEXT NOT NULL CHECK (type IN ('direct', 'group')),
  title TEXT,
  owner_id INTEGER REFERENCES member,
  low_member_id INTEGER REFERENCES member,   -- the pair of a direct room, the smaller id first
  high_member_id INTEGER REFERENCES member,
  created_at INTEGER NOT NULL,
  activity INTEGER NOT NULL,           -- grows with every message of the whole store: the order of room lists
  last_seq INTEGER NOT NULL DEFAULT 0,
  text_count INTEGER NOT NULL DEFAULT 0,    -- messages that are not of the system
  member_count INTEGER NOT NULL,
  join_count INTEGER NOT NULL,              -- how often somebody joined: the next join_order
  closed INTEGER NOT NULL DEFAULT 0,
  CHECK ((type = 'direct') = (low_member_id IS NOT NULL AND high_member_id > low_member_id))
) STRICT;
CREATE UNIQUE INDEX room_of_pair ON room (low_member_id, high_member_id) WHERE low_member_id IS NOT NULL;

CREATE TABLE room_member (
  room_no INTEGER NOT NULL REFERENCES room,
  member_id INTEGER NOT NULL REFERENCES member,
  join_order INTEGER NOT NULL,
  last_read_seq INTEGER NOT NULL,
  read_text_count INTEGER NOT NULL,   -- the text_count of the message last_read_seq
  muted INTEGER NOT NULL DEFAULT 0,
  hidden_at_seq INTEGER,              -- the room stays hidden while this is its newest message
  PRIMARY KEY (room_no, member_id)
) STRICT, WITHOUT ROWID;
CREATE INDEX room_member_by_member ON room_member (member_id, room_no);
CREATE UNIQUE INDEX room_member_by_join_order ON room_member (room_no, join_order);
CREATE INDEX room_member_by_watermark ON room_member (room_no, last_read_seq);

-- The key is room_no * 2^32 + seq: the messages of a room lie side by side, in their order.
CREATE TABLE message (
  message_key INTEGER PRIMARY KEY,
  sender_id INTEGER NOT NULL REFERENCES member,
  type TEXT NOT NULL CHECK (type IN ('text', 'system')),
  content TEXT NOT NULL,
  client_id TEXT COLLATE NOCASE,
  reply_to INTEGER,
  sent_at INTEGER NOT NULL,
  text_count INTEGER NOT NULL,  -- messages of the room up to this one that are not of the system
  room_no INTEGER GENERATED ALWAYS AS (message_key >> 32) VIRTUAL,
  seq INTEGER GENERATED ALWAYS AS (message_key & 4294967295) VIRTUAL
) STRICT;
CREATE UNIQUE INDEX message_by_client_id ON message (sender_id, client_id, room_no) WHERE client_id IS NOT NULL;

-- Whom a system message is about.
CREATE TABLE message_subject (
  message_key INTEGER NOT NULL REFERENCES message,
  position INTEGER NOT NULL,
  member_id INTEGER NOT NULL REFERENCES member,
  PRIMARY KEY (message_key, position)
) STRICT, WITHOUT ROWID;
