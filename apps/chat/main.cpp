#include <memory>

#include <apps/chat/chat_app.hpp>

int main(int argc, char** argv) {
  return ondol::run_main([&] {
    ondol::Application app{argc, argv, chat::application_options};
    const chat::ChatApp chat{app};
    return app.run();
  });
}
