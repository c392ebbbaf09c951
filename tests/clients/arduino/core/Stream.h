#pragma once
#include "Print.h"

class Stream : public Print {};
