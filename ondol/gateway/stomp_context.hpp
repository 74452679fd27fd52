#pragma once

#include <ondol/gateway/error_contract.hpp>
#include <ondol/gateway/stomp_settings.hpp>
#include <ondol/messaging/broker/broker.hpp>
#include <ondol/messaging/channel.hpp>
#include <ondol/messaging/dispatcher.hpp>
#include <ondol/messaging/user/user_destinations.hpp>
#include <ondol/messaging/user/user_registry.hpp>

namespace ondol::gateway {

// What all STOMP sessions of a server share; read only after the start, except the registry, which
// locks.
struct StompContext {
  StompSettings settings;
  messaging::InboundChannel& inbound;
  messaging::Channel& outbound;
  messaging::Channel& broker_channel;
  messaging::Dispatcher& dispatcher;
  messaging::Broker& broker;
  messaging::UserDestinations& user_destinations;
  messaging::UserRegistry& user_registry;
};

}  // namespace ondol::gateway
