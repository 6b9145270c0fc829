/* Reads what bench_fits.py times, by cfitsio: read KIND FILE TIMES [OUT]; prints the seconds of each time.
 *
 * image, rice: the first image beyond an empty primary as native floats.
 * table:       all columns as native numbers.
 * copy:        all images as native numbers to a plain file, the least that a conversion has to do.
 * sum:         the same, with the MD5 that each block of an ASDF file has. */
#include <fitsio.h>
#include <openssl/evp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

static double now(void) {
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return t.tv_sec + 1e-9 * t.tv_nsec;
}

static void check(int status) {
    if (status) {
        fits_report_error(stderr, status);
        exit(1);
    }
}

/* Every 997th value: enough to compare, too few to be timed. */
static double sum_of(const float *data, long count) {
    double sum = 0;
    for (long i = 0; i < count; i += 997) sum += data[i];
    return sum;
}

static double image(fitsfile *file) {
    int status = 0, type, naxis;
    long axes[8];
    check((fits_movabs_hdu(file, 2, &type, &status), status));
    check((fits_get_img_param(file, 8, &type, &naxis, axes, &status), status));
    long count = 1;
    for (int i = 0; i < naxis; i++) count *= axes[i];
    float *data = malloc(count * sizeof(float)), null = 0;
    check((fits_read_img(file, TFLOAT, 1, count, &null, data, NULL, &status), status));
    double sum = sum_of(data, count);
    free(data);
    return sum;
}

static double table(fitsfile *file) {
    int status = 0, type, columns;
    long rows;
    double sum = 0;
    check((fits_movabs_hdu(file, 2, &type, &status), status));
    check((fits_get_num_cols(file, &columns, &status), status));
    check((fits_get_num_rows(file, &rows, &status), status));
    for (int column = 1; column <= columns; column++) {
        int code;
        long repeat, width;
        check((fits_get_coltype(file, column, &code, &repeat, &width, &status), status));
        if (code == TLONG) code = TINT; /* 32 bits in the file, 64 in a C long */
        char *data = malloc(rows * repeat * width);
        check((fits_read_col(file, code, column, 1, 1, rows * repeat, NULL, data, NULL, &status), status));
        if (column == 1)
            for (long i = 0; i < rows; i += 997) sum += ((double *)data)[i];
        free(data);
    }
    return sum;
}

static double copy(fitsfile *file, const char *out, int summed) {
    int status = 0, type, naxis, count;
    FILE *sink = fopen(out, "wb");
    check((fits_get_num_hdus(file, &count, &status), status));
    for (int hdu = 2; hdu <= count; hdu++) {
        long axes[8], pixels = 1;
        check((fits_movabs_hdu(file, hdu, &type, &status), status));
        if (type != IMAGE_HDU) continue;
        check((fits_get_img_param(file, 8, &type, &naxis, axes, &status), status));
        int equal = 0;
        check((fits_get_img_equivtype(file, &equal, &status), status));
        for (int i = 0; i < naxis; i++) pixels *= axes[i];
        char *data = malloc(pixels * 4);
        int wanted = equal == FLOAT_IMG ? TFLOAT : TUINT;
        check((fits_read_img(file, wanted, 1, pixels, NULL, data, NULL, &status), status));
        fwrite(data, 4, pixels, sink);
        unsigned char digest[16];
        if (summed) {
            EVP_Digest(data, 4 * pixels, digest, NULL, EVP_md5(), NULL);
            fwrite(digest, 1, 16, sink);
        }
        free(data);
    }
    fclose(sink);
    return 0;
}

int main(int argc, char **argv) {
    if (argc < 4) return 2;
    for (int time = 0; time < atoi(argv[3]); time++) {
        double start = now(), sum = 0;
        fitsfile *file;
        int status = 0;
        check((fits_open_diskfile(&file, argv[2], READONLY, &status), status));
        if (!strcmp(argv[1], "table")) sum = table(file);
        else if (!strcmp(argv[1], "copy")) sum = copy(file, argv[4], 0);
        else if (!strcmp(argv[1], "sum")) sum = copy(file, argv[4], 1);
        else sum = image(file);
        check((fits_close_file(file, &status), status));
        printf("%.6f %.9g\n", now() - start, sum);
    }
    return 0;
}
