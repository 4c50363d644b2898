/* The least that a Modbus TCP client can cost: one request in flight on each connection, an event loop, and nothing
   done with the words. Prints the CPU microseconds of one transaction. Arguments: port, connections, words, reads. */
#include <arpa/inet.h>
#include <netinet/tcp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/resource.h>
#include <unistd.h>

struct line {
  int fd, left, held;
  unsigned short transaction;
};

static void ask(struct line *line, int words) {
  unsigned char request[12] = {0, 0, 0, 0, 0, 6, 1, 3, 0, 100, words >> 8, words & 255};
  line->transaction++;
  line->held = 0;
  request[0] = line->transaction >> 8;
  request[1] = line->transaction & 255;
  if (write(line->fd, request, 12) != 12) exit(1);
}

static double cpu(void) {
  struct rusage used;
  getrusage(RUSAGE_SELF, &used);
  return (used.ru_utime.tv_sec + used.ru_stime.tv_sec) * 1e6 + used.ru_utime.tv_usec + used.ru_stime.tv_usec;
}

int main(int argc, char **argv) {
  if (argc != 5) return 2;
  int port = atoi(argv[1]), count = atoi(argv[2]), words = atoi(argv[3]), reads = atoi(argv[4]), open = count;
  int wanted = 9 + 2 * words, events = epoll_create1(0), on = 1;
  struct line *lines = calloc(count, sizeof *lines);
  struct sockaddr_in at = {.sin_family = AF_INET, .sin_port = htons(port), .sin_addr = {htonl(0x7f000001)}};
  for (int i = 0; i < count; i++) {
    lines[i].fd = socket(AF_INET, SOCK_STREAM, 0);
    lines[i].left = reads;
    if (connect(lines[i].fd, (struct sockaddr *)&at, sizeof at)) return 1;
    setsockopt(lines[i].fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
    struct epoll_event event = {.events = EPOLLIN, .data.ptr = &lines[i]};
    epoll_ctl(events, EPOLL_CTL_ADD, lines[i].fd, &event);
  }
  double before = cpu();
  for (int i = 0; i < count; i++) ask(&lines[i], words);
  while (open > 0) {
    struct epoll_event ready[64];
    int n = epoll_wait(events, ready, 64, 5000);
    if (n <= 0) return 1;
    for (int i = 0; i < n; i++) {
      struct line *line = ready[i].data.ptr;
      unsigned char reply[300];
      int got = read(line->fd, reply, sizeof reply);
      if (got <= 0) return 1;
      line->held += got;
      if (line->held < wanted) continue;
      if (--line->left > 0) ask(line, words);
      else open--;
    }
  }
  printf("%f\n", (cpu() - before) / ((double)count * reads));
  return 0;
}
