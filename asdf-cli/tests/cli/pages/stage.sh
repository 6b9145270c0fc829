# The files that pages speak of, in a folder of their own.
ln -s "$DATA" test-data
cp "$EXPOSURE" obs.asdf
asdf set obs.asdf meta.note hello -q
asdf set obs.asdf roman.meta.notes 'to be removed' -q
for name in ref reference a b exposure many; do cp "$EXPOSURE" $name.asdf; done
asdf convert obs.asdf data.npy --path roman.data -q
head -c 60000 obs.asdf > damaged.asdf
echo '31.5 20' > pixels.txt

mkdir -p night/sub old new reference run incoming pictures
cp "$EXPOSURE" night/a.asdf
cp "$EXPOSURE" night/sub/b.asdf
asdf set night/sub/b.asdf -q roman.meta.exposure.type WFI_DARK
for folder in old new reference run; do cp night/a.asdf $folder/a.asdf; done
ls night/a.asdf > files.txt
touch -d '2001-01-01' last
cp "$EXPOSURE" reference.asdf
(cd night && asdf check a.asdf sub --write-manifest ../night.csv -q > manifest.log) || true
rm night/manifest.log

# A file of several exposures, a cube, a spectrum, three colours, regions.
cp test-data/image/cube.asdf cube.asdf
asdf convert test-data/image/sky.asdf color.asdf -q
for name in f444w f277w f115w; do asdf cp test-data/image/sky.asdf:roman.data color.asdf:$name -q; done

# FITS files: cards of 80 characters, bytes as elements, blocks of 2880.
card() { printf '%-80.80s' "$1"; }
pad() { head -c $(((2880 - $(stat -c %s "$1" 2>/dev/null || stat -f %z "$1") % 2880) % 2880)) /dev/zero | tr '\0' "$2" >> "$1"; }
image() {
    local name=$1 planes=$2
    {
        card 'SIMPLE  =                    T'
        card 'BITPIX  =                    8'
        card "NAXIS   =                    $((planes > 0 ? 3 : 2))"
        card 'NAXIS1  =                   40'
        card 'NAXIS2  =                   30'
        if [ "$planes" -gt 0 ]; then card "NAXIS3  =                   $planes"; fi
        card "CTYPE1  = 'RA---TAN'"
        card "CTYPE2  = 'DEC--TAN'"
        card 'CRPIX1  =                 20.0'
        card 'CRPIX2  =                 15.0'
        card 'CRVAL1  =                150.0'
        card 'CRVAL2  =                  2.0'
        card 'CDELT1  =              -0.0001'
        card 'CDELT2  =               0.0001'
        card "CUNIT1  = 'deg     '"
        card "CUNIT2  = 'deg     '"
        if [ "$planes" -gt 0 ]; then
            card "CTYPE3  = 'WAVE    '"
            card "CUNIT3  = 'nm      '"
            card 'CRPIX3  =                  1.0'
            card 'CRVAL3  =                655.0'
            card 'CDELT3  =                  0.5'
        fi
        card "BUNIT   = 'Jy      '"
        card 'EXPTIME =                 10.0'
        card "OBSERVER= 'Ada     '"
        card 'END'
    } > "$name"
    pad "$name" ' '
    local count=$((1200 * (planes > 0 ? planes : 1)))
    seq 100000 | tr -d '\n' | head -c "$count" >> "$name"
    pad "$name" '\0'
}
image image.fits 0
image other.fits 0
image cube.fits 10
sed 's/Ada/Bob/' other.fits > renamed.fits && mv renamed.fits other.fits

# A product of JWST's form: arrays in HDUs, the tree after them.
asdf convert test-data/image/sky.asdf jw.asdf -q
asdf cp jw.asdf:roman.data jw.asdf:data -q
asdf cp jw.asdf:roman.dq jw.asdf:dq -q
asdf cp jw.asdf:roman.meta.wcs jw.asdf:meta.wcs -q
asdf rm jw.asdf roman -q
asdf embed jw.asdf jw02130_cal.fits --move data=SCI --move dq=DQ -q
asdf set jw02130_cal.fits SCI:BUNIT Jy -q
rm jw.asdf

# A file of several exposures, each with its WCS; a spectrum.
cp test-data/image/sky.asdf many.asdf
asdf cp many.asdf:roman.data many.asdf:first.data -q
asdf cp many.asdf:roman.meta.wcs many.asdf:first.meta.wcs -q
asdf set many.asdf exposures '[0, 1, 2]' -q
asdf cp many.asdf:first 'many.asdf:exposures[1]' --replace -q
asdf rm many.asdf first roman -q
asdf convert test-data/image/sky.asdf spectrum.asdf -q
asdf set spectrum.asdf flux '!core/ndarray-1.1.0 [1.5, 2.0, 40.0, 3.5, 2.5]' --type yaml -q
printf 'image\ncircle(20, 20, 5) # text={star}\n' > stars.reg
