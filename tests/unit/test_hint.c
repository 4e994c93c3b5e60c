/*
 * hint: what a log line says behind libcurl's words.
 */
#include "net/hint.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static int without_proxy(void **state) {
  (void)state;
  return setenv("no_proxy", "*", 1);
}

static void words_hint_at_the_cause(void **state) {
  static const struct {
    const char *text, *url, *hint; /* NULL: none */
  } rows[] = {
      {"error:0A00010B:SSL routines::wrong version number", "https://k",
       "http://"},
      {"error:0A0000C6:SSL routines::packet length too long", "HTTPS://k",
       "http://"},
      {"gnutls_handshake() failed: An unexpected TLS packet was received.",
       "https://k", "http://"},
      {"OpenSSL SSL_connect: SSL_ERROR_SYSCALL in connection to k:80 ",
       "https://k", "http://"},
      {"Empty reply from server", "http://k", "https://"},
      {"Received HTTP/0.9 when not allowed", "http://k", "https://"},
      {"Empty reply from server", "https://k", NULL},
      {"SSL certificate problem: self-signed certificate", "https://k",
       "CACert"},
      {"SSL certificate problem: self signed certificate in certificate chain",
       "https://k", "CACert"},
      {"SSL certificate problem: unable to get local issuer certificate",
       "https://k", "CACert"},
      {"server certificate verification failed. CAfile: none CRLfile: none",
       "https://k", "CACert"},
      {"OpenSSL SSL_read: OpenSSL/3.0.19: error:0A000412:SSL routines::sslv3 "
       "alert bad certificate, errno 0",
       "https://k", "ClientCert"},
      {"error:0A00045C:SSL routines::tlsv13 alert certificate required",
       "https://k", "ClientCert"},
      {"getpeername() failed with errno 107: Transport endpoint is not "
       "connected",
       "https://k", "ClientCert"},
      {"Send failure: Connection reset by peer", "https://k", "ClientCert"},
      {"Send failure: Connection reset by peer", "http://k", NULL},
      {"SSL certificate problem: certificate has expired", "https://k", NULL},
      {"Could not resolve host: k", "https://k", NULL},
  };
  (void)state;
  for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
    struct error err;
    error_set(&err, ERROR_TRANSPORT, "%s", rows[i].text);
    hint_add(&err, rows[i].url, false);
    size_t len = strlen(rows[i].text);
    assert_memory_equal(err.text, rows[i].text, len);
    if (rows[i].hint == NULL)
      assert_string_equal(err.text + len, "");
    else if (strncmp(err.text + len, "; ", 2) != 0 ||
             strstr(err.text + len, rows[i].hint) == NULL)
      fail_msg("row %zu: %s", i, err.text);
  }
}

static void the_proxy_is_named(void **state) {
  struct error err;
  (void)state;
  unsetenv("no_proxy");
  setenv("https_proxy", "http://u:pw@p:3128", 1);
  error_set(&err, ERROR_TRANSPORT, "Failed to connect to p port 3128");
  hint_add(&err, "https://k/v3", false);
  assert_string_equal(err.text, "Failed to connect to p port 3128; by the "
                                "proxy of https_proxy=http://(hidden)@p:3128");
  error_set(&err, ERROR_TRANSPORT, "Failed to connect to k port 443");
  hint_add(&err, "https://k/v3", true);
  assert_string_equal(err.text, "Failed to connect to k port 443");
}

static void a_long_text_is_cut(void **state) {
  struct error err;
  char text[ERROR_TEXT];
  (void)state;
  memset(text, 'x', sizeof(text));
  text[sizeof(text) - 4] = '\0';
  error_set(&err, ERROR_TRANSPORT, "%s", text);
  hint_add(&err, "https://k/v3", false);
  assert_int_equal(strlen(err.text), ERROR_TEXT - 1);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test_setup(words_hint_at_the_cause, without_proxy),
      cmocka_unit_test(the_proxy_is_named),
      cmocka_unit_test(a_long_text_is_cut),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
