rm -r night && mkdir night
cp "$EXPOSURE" night/a_cal.asdf
cp "$EXPOSURE" night/b_cal.asdf
asdf set night/b_cal.asdf -q roman.meta.exposure.type WFI_DARK
asdf set jw02130_cal.fits -q SCI:EXPTIME 10
asdf set jw02130_cal.fits -q fits/0/header/INSTRUME NIRCAM
