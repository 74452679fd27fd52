#pragma once

#include <functional>
#include <memory>
#include <stdexcept>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <ondol/bind/checked_pattern.hpp>
#include <ondol/bind/error_table.hpp>
#include <ondol/bind/pattern.hpp>
#include <ondol/http/endpoint.hpp>
#include <ondol/json/reasons.hpp>
#include <ondol/web/handler.hpp>

namespace ondol::web {

// One mapping. Its status is that of results without one of their own.
class Route {
 public:
  Route& status(int status) {
    status_ = status;
    return *this;
  }

 private:
  friend class Web;
  http::Method method_ = http::Method::get;
  bind::Pattern pattern_;
  std::function<Handler(int status)> make_;
  Handler handler_;
  int status_ = 200;
};

// Stands before the handlers: may answer itself, or go on with next() and look at the response.
using Next = std::function<Task<http::Response>(Exchange&)>;
using Filter = std::function<Task<http::Response>(Exchange&, const Next&)>;

// An upgrade endpoint, such as a WebSocket's.
using UpgradeEndpoint = std::function<http::Outcome(http::Request&)>;

template <class C>
class Routes;
template <class C>
class Advice;

// The HTTP side of an application: routes, filters, error handlers. Filled before the start; then
// read from all loops.
class Web {
 public:
  template <class F>
  Route& get(bind::PatternFor<std::type_identity_t<F>> pattern, F f) {
    return add(http::Method::get, pattern.text(), std::move(f));
  }
  template <class F>
  Route& post(bind::PatternFor<std::type_identity_t<F>> pattern, F f) {
    return add(http::Method::post, pattern.text(), std::move(f));
  }
  template <class F>
  Route& put(bind::PatternFor<std::type_identity_t<F>> pattern, F f) {
    return add(http::Method::put, pattern.text(), std::move(f));
  }
  template <class F>
  Route& patch(bind::PatternFor<std::type_identity_t<F>> pattern, F f) {
    return add(http::Method::patch, pattern.text(), std::move(f));
  }
  template <class F>
  Route& del(bind::PatternFor<std::type_identity_t<F>> pattern, F f) {
    return add(http::Method::del, pattern.text(), std::move(f));
  }

  // The controller's own routes(web::Routes<C>&). It must outlive the server.
  template <class C>
  Web& mount(const C& controller);
  template <class C>
  Web& advise(const C& advice);

  // Runs before every route whose path begins with `prefix`, in the order of the calls.
  Web& filter(std::string prefix, Filter filter);

  // Answers requests with an Upgrade header on exactly this path; others there go to the routes.
  Web& upgrade(std::string path, UpgradeEndpoint endpoint);

  // Chooses the reasons of error answers by Accept-Language.
  Web& reasons(json::Reasons reasons) {
    reasons_ = std::move(reasons);
    return *this;
  }

  // Answers what no route takes, instead of 404; every method.
  Web& fallback(Filter handler);

  // What a server calls; this object must outlive it.
  http::Endpoint endpoint();

 private:
  template <class>
  friend class Routes;
  template <class>
  friend class Advice;

  template <class F>
  Route& add(http::Method method, std::string_view pattern, F f) {
    return add_route(method, pattern, bind::path_names<F>(),
                     [f = std::move(f)](int status) { return make_handler(f, status); });
  }
  Route& add_route(http::Method method, std::string_view pattern,
                   const std::vector<std::string>& needed, std::function<Handler(int)> make);

  Task<http::Outcome> answer(http::Request& request);
  Task<http::Response> answer_mapped(http::Request& request);
  Task<http::Response> run_filters(Exchange& exchange, std::size_t index);
  Task<http::Response> dispatch(Exchange& exchange);
  http::Response map_error(std::exception_ptr failure) const;

  std::vector<std::unique_ptr<Route>> routes_;
  std::vector<std::pair<std::string, Filter>> filters_;
  std::vector<std::pair<std::string, UpgradeEndpoint>> upgrades_;
  Filter fallback_;
  bind::ErrorTable<http::Response> errors_;
  json::Reasons reasons_;
};

// What a controller maps its own const member functions with.
template <class C>
class Routes {
  template <class... A>
  using PatternOf =
      bind::CheckedPattern<std::type_identity_t<std::tuple<std::remove_cvref_t<A>...>>>;

 public:
  Routes(Web& web, const C& controller) : web_{web}, controller_{controller} {}

  template <class R, class... A>
  Route& get(PatternOf<A...> pattern, R (C::*f)(A...) const) {
    return web_.get(bind::at_run_time{pattern.text()}, bound(f));
  }
  template <class R, class... A>
  Route& post(PatternOf<A...> pattern, R (C::*f)(A...) const) {
    return web_.post(bind::at_run_time{pattern.text()}, bound(f));
  }
  template <class R, class... A>
  Route& put(PatternOf<A...> pattern, R (C::*f)(A...) const) {
    return web_.put(bind::at_run_time{pattern.text()}, bound(f));
  }
  template <class R, class... A>
  Route& patch(PatternOf<A...> pattern, R (C::*f)(A...) const) {
    return web_.patch(bind::at_run_time{pattern.text()}, bound(f));
  }
  template <class R, class... A>
  Route& del(PatternOf<A...> pattern, R (C::*f)(A...) const) {
    return web_.del(bind::at_run_time{pattern.text()}, bound(f));
  }

 private:
  template <class R, class... A>
  auto bound(R (C::*f)(A...) const) const {
    return [&controller = controller_, f](A... arguments) -> R {
      return (controller.*f)(std::move(arguments)...);
    };
  }

  Web& web_;
  const C& controller_;
};

// What an advice maps its error handlers with: const member functions with one exception type.
template <class C>
class Advice {
 public:
  Advice(Web& web, const C& advice) : web_{web}, advice_{advice} {}

  template <class R, class E>
  void error(R (C::*f)(const E&) const, int status = 500) {
    web_.errors_.template add<E>(
        [&advice = advice_, f, status](const E& e) { return to_response((advice.*f)(e), status); });
  }

 private:
  Web& web_;
  const C& advice_;
};

template <class C>
Web& Web::mount(const C& controller) {
  Routes<C> routes{*this, controller};
  controller.routes(routes);
  return *this;
}

template <class C>
Web& Web::advise(const C& advice) {
  Advice<C> routes{*this, advice};
  advice.routes(routes);
  return *this;
}

}  // namespace ondol::web
