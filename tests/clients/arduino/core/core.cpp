#include "Arduino.h"
#include "WiFi.h"
#include <netdb.h>
#include <sys/ioctl.h>
#include <sys/socket.h>

SerialPort Serial;
Network WiFi;

int WiFiClient::connect(IPAddress, uint16_t) { return 0; }

int WiFiClient::connect(const char *host, uint16_t port)
{
    stop();
    addrinfo hints = {}, *found = NULL;
    hints.ai_socktype = SOCK_STREAM;
    char service[6];
    snprintf(service, sizeof service, "%u", port);
    if (getaddrinfo(host, service, &hints, &found) != 0)
        return 0;
    socket_ = socket(found->ai_family, found->ai_socktype, found->ai_protocol);
    bool connected = ::connect(socket_, found->ai_addr, found->ai_addrlen) == 0;
    freeaddrinfo(found);
    if (!connected)
        stop();
    return connected;
}

size_t WiFiClient::write(uint8_t value) { return write(&value, 1); }

size_t WiFiClient::write(const uint8_t *bytes, size_t length)
{
    ssize_t sent = send(socket_, bytes, length, MSG_NOSIGNAL);
    return sent < 0 ? 0 : (size_t)sent;
}

int WiFiClient::available()
{
    int bytes = 0;
    return ioctl(socket_, FIONREAD, &bytes) == 0 ? bytes : 0;
}

int WiFiClient::read()
{
    uint8_t value;
    return recv(socket_, &value, 1, 0) == 1 ? value : -1;
}

void WiFiClient::stop()
{
    if (socket_ >= 0)
        close(socket_);
    socket_ = -1;
}

uint8_t WiFiClient::connected()
{
    // As on the device: what has arrived is read before the end is noticed.
    uint8_t value;
    return socket_ >= 0 && recv(socket_, &value, 1, MSG_PEEK | MSG_DONTWAIT) != 0;
}

int main()
{
    setup();
    for (;;)
        loop();
}
