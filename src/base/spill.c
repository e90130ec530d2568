/* Spilled records. On disk a record is
 *
 *     length (8 bytes, little endian) | frame 0 | frame 1 | ...
 *
 * A frame is up to 64 KiB of the record, encrypted and authenticated, 16 bytes longer than its
 * text; an empty record has one frame. The nonce is the record's position and the frame's number,
 * which never come twice under a key that lives as long as the file; the length is authenticated
 * with each frame, so a cut or moved record is found. Writes gather in memory (encrypted), reads
 * fetch ahead, because a caller works on many small records in a row. */
#include "base/spill.h"

#include <errno.h>
#include <fcntl.h>
#include <sodium.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#define FRAME_TEXT ((size_t)64 << 10)
#define FRAME_MAX  (FRAME_TEXT + crypto_aead_xchacha20poly1305_ietf_ABYTES)
#define HEADER     ((size_t)8)
#define PENDING    ((size_t)256 << 10)
#define RECORD_MAX ((uint64_t)2 << 30)
#define WINDOW     (HEADER + FRAME_MAX)
#define PAGE       ((size_t)4 << 10)

struct spill {
    int file;
    bool failed; /* a write failed: the file's end is unknown */
    uint8_t key[crypto_aead_xchacha20poly1305_ietf_KEYBYTES];
    char *directory;  /* owned; for messages */
    uint64_t bytes;   /* written and pending */
    uint8_t *pending; /* owned, PENDING bytes: the end of the file, not yet written */
    size_t pending_len;
    uint8_t *window; /* owned, WINDOW bytes: the file from window_start on */
    uint64_t window_start;
    size_t window_len;
    uint64_t read_end; /* where the last read ended */
};

static bool out_of_disk(const struct spill *spill, struct error *err)
{
    error_set_errno(err, STATUS_LOCAL, "cannot write the spill file in '%s'", spill->directory);
    return error_hint(err, "make room there, name another folder with --tmpdir, or raise --memory "
                           "so that less is put aside");
}

/* An unnamed file; where the file system has none, a named one whose name goes at once. */
static int file_open(const char *directory)
{
    int file = open(directory, O_TMPFILE | O_RDWR | O_CLOEXEC | O_EXCL, 0600);
    char path[4096];

    if (file >= 0 || (errno != EOPNOTSUPP && errno != EISDIR && errno != EINVAL))
        return file;
    int len = snprintf(path, sizeof(path), "%s/understudy-spill-XXXXXX", directory);
    if (len < 0 || (size_t)len >= sizeof(path)) {
        errno = ENAMETOOLONG;
        return -1;
    }
    file = mkostemp(path, O_CLOEXEC);
    if (file >= 0 && unlink(path) != 0) {
        int kept = errno;
        close(file);
        errno = kept;
        return -1;
    }
    return file;
}

bool spill_new(const char *directory, struct spill **spill, struct error *err)
{
    assert(directory && spill && err);
    if (sodium_init() < 0)
        return error_set(err, STATUS_LOCAL, "cannot start libsodium");
    AUTO(spill) struct spill *made = calloc(1, sizeof(*made));
    if (!made)
        return error_memory(err);
    made->file = -1;
    made->directory = strdup(directory);
    made->pending = malloc(PENDING);
    made->window = malloc(WINDOW);
    if (!made->directory || !made->pending || !made->window)
        return error_memory(err);
    made->file = file_open(directory);
    if (made->file < 0) {
        error_set_errno(err, STATUS_LOCAL, "cannot make a spill file in '%s'", directory);
        return error_hint(err, "name an existing folder that can be written with --tmpdir");
    }
    crypto_aead_xchacha20poly1305_ietf_keygen(made->key);
    *spill = made;
    made = NULL;
    return true;
}

void spill_free(struct spill *spill)
{
    if (!spill)
        return;
    if (spill->file >= 0)
        close(spill->file);
    sodium_memzero(spill->key, sizeof(spill->key));
    free(spill->directory);
    free(spill->pending);
    free(spill->window);
    free(spill);
}

uint64_t spill_bytes(const struct spill *spill)
{
    assert(spill);
    return spill->bytes;
}

static void number_write(uint8_t *bytes, uint64_t number)
{
    for (int i = 0; i < 8; i++)
        bytes[i] = (uint8_t)(number >> 8 * i);
}

static uint64_t number_read(const uint8_t *bytes)
{
    uint64_t number = 0;

    for (int i = 7; i >= 0; i--)
        number = number << 8 | bytes[i];
    return number;
}

static void nonce_make(uint8_t *nonce, uint64_t position, uint64_t frame)
{
    _Static_assert(crypto_aead_xchacha20poly1305_ietf_NPUBBYTES == 24, "three words");
    number_write(nonce, position);
    number_write(nonce + 8, frame);
    number_write(nonce + 16, 0);
}

static bool pending_flush(struct spill *spill, struct error *err)
{
    size_t done = 0;

    assert(spill->bytes >= spill->pending_len);
    while (done < spill->pending_len) {
        off_t offset = (off_t)(spill->bytes - spill->pending_len + done);
        ssize_t written =
            pwrite(spill->file, spill->pending + done, spill->pending_len - done, offset);
        if (written < 0 && errno == EINTR)
            continue;
        if (written <= 0) {
            spill->failed = true;
            errno = written == 0 ? ENOSPC : errno;
            return out_of_disk(spill, err);
        }
        done += (size_t)written;
    }
    spill->pending_len = 0;
    return true;
}

/* Room for `len` bytes at the end of what is pending. */
static uint8_t *pending_extend(struct spill *spill, size_t len, struct error *err)
{
    assert(len <= PENDING);
    if (PENDING - spill->pending_len < len && !pending_flush(spill, err))
        return NULL;
    uint8_t *room = spill->pending + spill->pending_len;
    spill->pending_len += len;
    spill->bytes += len;
    return room;
}

static bool failed_before(const struct spill *spill, struct error *err)
{
    return error_set(err, STATUS_LOCAL, "the spill file in '%s' could not be written before",
                     spill->directory);
}

bool spill_write(struct spill *spill, struct span record, uint64_t *position, struct error *err)
{
    uint8_t nonce[crypto_aead_xchacha20poly1305_ietf_NPUBBYTES];
    uint8_t length[HEADER];
    size_t done = 0;

    assert(spill && position && err);
    assert(record.ptr || record.len == 0);
    assert(record.len <= RECORD_MAX);
    if (spill->failed)
        return failed_before(spill, err);
    uint64_t start = spill->bytes;
    uint8_t *room = pending_extend(spill, HEADER, err);
    if (!room)
        return false;
    number_write(length, record.len);
    memcpy(room, length, HEADER);
    for (uint64_t frame = 0; frame == 0 || done < record.len; frame++) {
        size_t text = record.len - done < FRAME_TEXT ? record.len - done : FRAME_TEXT;
        room = pending_extend(spill, text + crypto_aead_xchacha20poly1305_ietf_ABYTES, err);
        if (!room)
            return false;
        nonce_make(nonce, start, frame);
        const uint8_t *plain = record.len > 0 ? (const uint8_t *)record.ptr + done : nonce;
        crypto_aead_xchacha20poly1305_ietf_encrypt(room, NULL, plain, text, length, HEADER, NULL,
                                                   nonce, spill->key);
        done += text;
    }
    assert(done == record.len);
    *position = start;
    return true;
}

static bool damaged(const struct spill *spill, struct error *err)
{
    error_set(err, STATUS_LOCAL, "the spill file in '%s' is damaged", spill->directory);
    return error_hint(err, "check the disk; a new run starts afresh");
}

/* Fills the window with `len` bytes from `position` on, or as far as the file goes. */
static bool window_fill(struct spill *spill, uint64_t position, size_t len, struct error *err)
{
    assert(len <= WINDOW);
    spill->window_start = position;
    spill->window_len = 0;
    while (spill->window_len < len) {
        ssize_t got = pread(spill->file, spill->window + spill->window_len, len - spill->window_len,
                            (off_t)(position + spill->window_len));
        if (got < 0 && errno == EINTR)
            continue;
        if (got < 0)
            return error_set_errno(err, STATUS_LOCAL, "cannot read the spill file in '%s'",
                                   spill->directory);
        if (got == 0)
            break;
        spill->window_len += (size_t)got;
    }
    return true;
}

static bool window_holds(const struct spill *spill, uint64_t position, size_t len)
{
    return position >= spill->window_start && position - spill->window_start <= spill->window_len &&
           len <= spill->window_len - (size_t)(position - spill->window_start);
}

/* `len` bytes of the file at `position`, good until the next call. Reads far ahead only behind a
 * read that ended here: records fetched in random order would pay for it. */
static const uint8_t *window_read(struct spill *spill, uint64_t position, size_t len,
                                  struct error *err)
{
    if (!window_holds(spill, position, len)) {
        size_t ahead = position == spill->read_end ? WINDOW : len > PAGE ? len : PAGE;
        if (!window_fill(spill, position, ahead, err))
            return NULL;
    }
    if (!window_holds(spill, position, len)) {
        damaged(spill, err);
        return NULL;
    }
    spill->read_end = position + len;
    return spill->window + (position - spill->window_start);
}

/* Where a record's frame is, and what it was encrypted with. */
struct frame {
    uint64_t record;
    uint64_t number;
    size_t text;
    const uint8_t *length; /* the record's, as written in its header */
};

static bool frame_read(struct spill *spill, const struct frame *frame, char *out, struct error *err)
{
    uint8_t nonce[crypto_aead_xchacha20poly1305_ietf_NPUBBYTES];
    uint64_t position = frame->record + HEADER + frame->number * FRAME_MAX;
    size_t len = frame->text + crypto_aead_xchacha20poly1305_ietf_ABYTES;
    const uint8_t *bytes = window_read(spill, position, len, err);

    if (!bytes)
        return false;
    nonce_make(nonce, frame->record, frame->number);
    if (crypto_aead_xchacha20poly1305_ietf_decrypt((unsigned char *)out, NULL, NULL, bytes, len,
                                                   frame->length, HEADER, nonce, spill->key) != 0)
        return damaged(spill, err);
    return true;
}

/* The record's length, checked against what the file can hold. */
static bool length_read(struct spill *spill, uint64_t position, uint8_t *length, size_t *len,
                        struct error *err)
{
    const uint8_t *header = window_read(spill, position, HEADER, err);

    if (!header)
        return false;
    memcpy(length, header, HEADER);
    uint64_t number = number_read(length);
    if (number > RECORD_MAX || number > spill->bytes - position)
        return damaged(spill, err);
    *len = (size_t)number;
    return true;
}

bool spill_read(struct spill *spill, uint64_t position, struct buf *buf, struct error *err)
{
    uint8_t length[HEADER];
    size_t len = 0;
    size_t done = 0;

    assert(spill && buf && err);
    assert(position < spill->bytes);
    buf_reset(buf);
    if (spill->failed)
        return failed_before(spill, err);
    if (spill->pending_len > 0 && !pending_flush(spill, err))
        return false;
    if (!length_read(spill, position, length, &len, err))
        return false;
    char *out = buf_extend(buf, len);
    if (!out)
        return error_memory(err);
    for (uint64_t number = 0; number == 0 || done < len; number++) {
        size_t text = len - done < FRAME_TEXT ? len - done : FRAME_TEXT;
        struct frame frame = {position, number, text, length};
        if (!frame_read(spill, &frame, out + done, err)) {
            buf_reset(buf);
            return false;
        }
        done += text;
    }
    return true;
}
