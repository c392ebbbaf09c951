#pragma once
#include <cstdint>

class IPAddress {
public:
    IPAddress() {}
    IPAddress(uint8_t, uint8_t, uint8_t, uint8_t) {}
    IPAddress(const uint8_t *) {}
};
