# What the lint programs share: which files there are, C without its comments
# and strings, and TAP.
package Lint;

use strict;
use warnings;
use Exporter 'import';
use File::Find ();

$| = 1;

our @EXPORT = qw(c_files all_files slurp code plan check skip);

my $top = $ENV{top_srcdir} // '.';
chdir $top or die "$top: $!\n";

# The .c and .h files below some folders.
sub c_files {
  my @found;
  my $keep = sub { push @found, $_ if /\.[ch]$/ && -f };
  for my $dir (grep { -d } @_) {
    File::Find::find({wanted => $keep, no_chdir => 1}, $dir);
  }
  return sort @found;
}

# Every text file of the project: what git knows, or in an unpacked release
# what is not a product of autoreconf or make.
sub all_files {
  my @found = -e '.git' ? split /\0/,
    `git ls-files -z --cached --others --exclude-standard` : ();
  if (!@found) {
    # A build tree below has a config.status.
    my $made = qr{^\./(\.git|build-aux|autom4te\.cache|configure~?|
      aclocal\.m4|Makefile(\.in)?|libtool|config\.(log|status)|
      m4/(libtool|lt.*)\.m4|docs/.*\.[157]|docs/html)$|/\.(deps|libs)$|/__pycache__$}x;
    my $keep = sub {
      if (/$made/ || $_ ne '.' && -e "$_/config.status") {
        $File::Find::prune = 1;
      } elsif (-f) {
        push @found, s{^\./}{}r;
      }
    };
    File::Find::find({wanted => $keep, no_chdir => 1}, '.');
  }
  return sort grep { -f && -T } @found;
}

sub slurp {
  my ($file) = @_;
  open my $in, '<', $file or die "$file: $!\n";
  local $/;
  return <$in> // '';
}

# C with its comments blanked and its strings emptied; every line keeps its
# number, and #include lines their file name.
sub code {
  my ($file) = @_;
  my $text = slurp($file);
  $text =~ s{
      (^\#\s*include[^\n]*)
    | (/\*.*?\*/ | //[^\n]*)
    | "(?:\\.|[^"\\\n])*"
    | '(?:\\.|[^'\\\n])*'
  }{
    defined $1 ? $1
      : defined $2 ? $2 =~ s/[^\n]+/ /gr
      : '""'
  }gemsx;
  return $text;
}

my $number = 0;

sub plan {
  my ($count) = @_;
  print "1..$count\n";
}

# One TAP line; each problem is a line "file:line: what".
sub check {
  my ($name, @problems) = @_;
  $number++;
  print @problems ? 'not ' : '', "ok $number - $name\n";
  my $more = @problems - 25;
  splice @problems, 25, $more, "... and $more more" if $more > 0;
  print STDERR map { "# $_\n" } @problems;
}

sub skip {
  my ($name, $reason) = @_;
  $number++;
  print "ok $number - $name # SKIP $reason\n";
}

1;
