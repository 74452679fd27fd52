package bench;

import org.springframework.boot.SpringApplication;
import org.springframework.boot.autoconfigure.SpringBootApplication;
import org.springframework.boot.web.context.WebServerInitializedEvent;
import org.springframework.context.event.EventListener;
import org.springframework.messaging.simp.config.MessageBrokerRegistry;
import org.springframework.web.socket.config.annotation.EnableWebSocketMessageBroker;
import org.springframework.web.socket.config.annotation.StompEndpointRegistry;
import org.springframework.web.socket.config.annotation.WebSocketMessageBrokerConfigurer;

/** Spring's simple broker as it comes: no token, no heart-beats, no interceptors, default executors and buffers. */
@SpringBootApplication
@EnableWebSocketMessageBroker
public class SimpleBroker implements WebSocketMessageBrokerConfigurer {

    public static void main(String[] arguments) {
        SpringApplication.run(SimpleBroker.class, arguments);
    }

    @Override
    public void registerStompEndpoints(StompEndpointRegistry registry) {
        registry.addEndpoint("/websocket-endpoint").setAllowedOriginPatterns("*");
    }

    @Override
    public void configureMessageBroker(MessageBrokerRegistry registry) {
        registry.enableSimpleBroker("/topic");
        registry.setApplicationDestinationPrefixes("/pub");
    }

    @EventListener
    public void ready(WebServerInitializedEvent event) {
        System.out.println("ready http://127.0.0.1:" + event.getWebServer().getPort());
    }
}
