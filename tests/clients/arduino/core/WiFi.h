#pragma once
#include "Client.h"

#define WL_CONNECTED 3

struct Network {
    void begin(const char *, const char *) {}
    int status() { return WL_CONNECTED; }
};
extern Network WiFi;

// A TCP connection.
class WiFiClient : public Client {
    int socket_ = -1;

public:
    int connect(IPAddress address, uint16_t port) override;
    int connect(const char *host, uint16_t port) override;
    size_t write(uint8_t value) override;
    size_t write(const uint8_t *bytes, size_t length) override;
    int available() override;
    int read() override;
    void flush() override {}
    void stop() override;
    uint8_t connected() override;
};
