# syncpoint_flatbuffers(target schema.fbs…): makes <schema>_generated.h before the target is compiled and
# puts its folder, schemas/ in the build folder, on the target's include path.
function(syncpoint_flatbuffers target)
  set(folder ${CMAKE_CURRENT_BINARY_DIR}/schemas)
  set(headers)
  foreach(schema ${ARGN})
    get_filename_component(name ${schema} NAME_WE)
    set(header ${folder}/${name}_generated.h)
    add_custom_command(OUTPUT ${header}
      COMMAND ${FLATC} --cpp -o ${folder} ${CMAKE_CURRENT_SOURCE_DIR}/${schema}
      DEPENDS ${schema} VERBATIM)
    list(APPEND headers ${header})
  endforeach()
  get_filename_component(format ${CMAKE_CURRENT_SOURCE_DIR} NAME)
  add_custom_target(${format}_schemas DEPENDS ${headers})
  add_dependencies(${target} ${format}_schemas)
  target_include_directories(${target} SYSTEM PRIVATE ${folder})
endfunction()
