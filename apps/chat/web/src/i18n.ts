const english = {
  title: 'ondol chat', tagline: 'the warm floor under every room', logIn: 'Log in', signUp: 'Sign up', logOut: 'Log out',
  loginId: 'Login id', password: 'Password', name: 'Name', toSignUp: 'New here? Sign up', toLogIn: 'Have an account? Log in',
  rooms: 'Chats', newRoom: 'New chat', search: 'Search people', create: 'Start', cancel: 'Cancel', roomTitle: 'Room title (group)',
  noRooms: 'No chats yet. Start one.', pick: 'Pick a chat to begin.', write: 'Write a message', send: 'Send', leave: 'Leave',
  offline: 'Connection lost. Trying again…', failed: 'Not sent', again: 'Try again', discard: 'Discard', messages: 'Messages', back: 'Back to chats', sending: 'sending',
  invited: 'invited', left: 'left', removed: 'removed', renamed: 'renamed the room', you: 'You', unread: 'not read by',
  error: 'Something went wrong.', unreachable: 'The server cannot be reached.',
};

const korean: typeof english = {
  title: '온돌 채팅', tagline: '모든 방 아래의 따뜻한 바닥', logIn: '로그인', signUp: '회원가입', logOut: '로그아웃',
  loginId: '아이디', password: '비밀번호', name: '이름', toSignUp: '처음이신가요? 회원가입', toLogIn: '계정이 있나요? 로그인',
  rooms: '채팅', newRoom: '새 채팅', search: '사람 검색', create: '시작', cancel: '취소', roomTitle: '방 제목 (그룹)',
  noRooms: '아직 채팅이 없어요. 시작해 보세요.', pick: '채팅을 골라 주세요.', write: '메시지 입력', send: '보내기', leave: '나가기',
  offline: '연결이 끊겼어요. 다시 연결하는 중…', failed: '보내지 못했어요', again: '다시 보내기', discard: '버리기', messages: '메시지', back: '채팅 목록', sending: '보내는 중',
  invited: '님이 초대:', left: '님이 나갔습니다', removed: '님이 내보냄:', renamed: '님이 제목을 바꿨습니다', you: '나', unread: '안 읽음',
  error: '문제가 생겼어요.', unreachable: '서버에 연결할 수 없어요.',
};

export const language = navigator.language.startsWith('ko') ? 'ko' : 'en';
export const texts = language === 'ko' ? korean : english;
document.documentElement.lang = language;
