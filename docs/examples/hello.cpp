#include <ondol/boot/application.hpp>

struct Greeting {
  std::string hello;
  int times = 1;
};

int main(int argc, char** argv) {
  ondol::Application app{argc, argv};
  app.web().get("/hello/{name}", [](ondol::Path<"name"> name, ondol::Query<"times", int, 1> times) {
    return Greeting{*name, *times};
  });
  return app.run();
}
