// The part of the Arduino core for ESP32 that the example and PubSubClient use, on POSIX.
#pragma once
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <ctime>
#include <unistd.h>

typedef bool boolean;
typedef uint8_t byte;

#define PROGMEM
#define pgm_read_byte_near(address) (*(address))
#define strnlen_P strnlen

inline unsigned long millis()
{
    timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (unsigned long)now.tv_sec * 1000 + (unsigned long)(now.tv_nsec / 1000000);
}

inline void delay(unsigned long milliseconds) { usleep((useconds_t)milliseconds * 1000); }
inline void configTime(long, int, const char *) {} // The clock is right already.
inline void yield() { delay(1); }
inline long random(long end) { return rand() % end; }

struct SerialPort {
    void begin(unsigned long) { setvbuf(stdout, NULL, _IOLBF, 0); }
    void println(const char *text) { puts(text); }
};
extern SerialPort Serial;

void setup();
void loop();
